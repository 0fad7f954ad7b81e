#include "daemon/client/receipt_text.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

namespace cartrelay::daemon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(std::string_view more) {
  return receipt_text(boost::json::parse(
      R"({"sequence":2,"received_at":"t","event":{"id":"i","source":"s","type":"order.paid")" +
      std::string(more) + R"(},"destinations":[]})"));
}

TEST(receipt_text, shows_the_subject_where_there_is_one) {
  EXPECT_THAT(text_of(R"(,"subject":"the 99th")"), HasSubstr("  source s  id i\n  subject the 99th\n"));
  EXPECT_THAT(text_of(""), Not(HasSubstr("subject")));
}

}  // namespace
}  // namespace cartrelay::daemon::testing
