#include "daemon/client/preview_text.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace cartrelay::daemon::testing {
namespace {

TEST(preview_text, says_why_nothing_is_sent) {
  EXPECT_EQ(
      preview_text(boost::json::parse(
          R"({"destinations":[{"destination":"a","verdict":"unmappable","reason":"no_email","detail":"releva knows )"
          R"(customers by their address","requests":[]},{"destination":"b","verdict":"skipped","reason":"x","requests":[]}]})")),
      "a: unmappable (no_email)\n  releva knows customers by their address\nb: skipped (x)\n");
}

TEST(preview_text, has_the_whole_requests) {
  EXPECT_EQ(
      preview_text(boost::json::parse(
          R"({"destinations":[{"destination":"a","verdict":"send","reason":"","requests":[{"method":"POST",)"
          R"("url":"https://v/x","headers":{"Accept":"*"},"body":"{}"},{"method":"DELETE","url":"/y","headers":{},"body":""}]}]})")),
      "a: send\n  POST https://v/x\n  Accept: *\n\n  {}\n\n  DELETE /y\n\n");
}

}  // namespace
}  // namespace cartrelay::daemon::testing
