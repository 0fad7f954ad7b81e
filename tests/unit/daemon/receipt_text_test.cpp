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

TEST(dead_letter_line, tells_since_when_and_of_what) {
  const auto line = [](std::string_view event) {
    return dead_letter_line(boost::json::parse(
        R"({"id":"rokt-1","at":"2026-11-22T10:00:00.500Z","reason":"rejected","detail":"400 Bad Request","event":)" +
        std::string(event) + "}"));
  };
  EXPECT_EQ(line(R"({"data":{"order":{"id":"1234"}}})"),
            "rokt-1                2026-11-22T10:00:00.500Z  rejected             order 1234        400 Bad "
            "Request\n");
  EXPECT_THAT(line(R"({"data":{"cart":{"id":"k-1"}}})"), HasSubstr("  cart k-1  "));
  EXPECT_THAT(line("null"), HasSubstr("  400 Bad Request\n"));
}

}  // namespace
}  // namespace cartrelay::daemon::testing
