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

TEST(receipt_text, tells_an_answer_from_the_want_of_one) {
  const auto shown = [](std::string_view answer) {
    return receipt_text(boost::json::parse(
        R"({"sequence":2,"event":{},"destinations":[{"destination":"a","state":"retrying","answer":)" +
        std::string(answer) + "}]}"));
  };
  EXPECT_THAT(shown(R"({"status":503,"body":"busy"})"), HasSubstr("\n    answer       503 busy\n"));
  EXPECT_THAT(shown(R"({"body":"Connection reset by peer"})"),
              HasSubstr("\n    no answer    Connection reset by peer\n"));
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

TEST(dead_letter_text, is_laid_out_as_a_receipt_is) {
  const auto letter = boost::json::parse(
      R"({"id":"rokt-1","destination":"rokt","sequence":1,"type":"order.paid","received_at":"t0","at":"t1",)"
      R"("reason":"rejected","detail":"400 Bad Request","attempts":{"count":1,"first_at":"t1","last_at":"t1"},)"
      R"("request":"POST https://rokt.test/","answer":{"status":400,"body":"no"},)"
      R"("evidence":{"method":"POST","url":"https://rokt.test/","headers":{"rokt-api-key":"***"},"body":"{}"},)"
      R"("event":{"id":"i","source":"s","data":{"order":{"id":"1234"}}}})");
  EXPECT_EQ(dead_letter_text(letter),
            "dead letter rokt-1  order.paid  order 1234  t0\n"
            "  source s  id i\n"
            "  rokt: dead_letter since t1\n"
            "    reason       rejected\n"
            "    detail       400 Bad Request\n"
            "    attempts     1, t1\n"
            "    request      POST https://rokt.test/\n"
            "    answer       400 no\n"
            "    header       rokt-api-key: ***\n"
            "    body         {}\n"
            "    event        {\"id\":\"i\",\"source\":\"s\",\"data\":{\"order\":{\"id\":\"1234\"}}}\n");
  const auto unmappable = boost::json::parse(
      R"({"id":"a-1","destination":"a","type":"order.paid","attempts":{"count":0},"event":null,"evidence":null})");
  EXPECT_EQ(dead_letter_text(unmappable), "dead letter a-1  order.paid    \n  a: dead_letter since \n");
}

}  // namespace
}  // namespace cartrelay::daemon::testing
