#include "daemon/client/report.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <vector>

namespace cartrelay::daemon::testing {
namespace {

using answer = daemon_client::answer;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

answer refused(int status, std::string body, std::chrono::seconds retry_after = {}) {
  return {status, std::move(body), retry_after, "http://127.0.0.1:1"};
}

answer with_errors(std::string_view errors) {
  return refused(400, R"({"detail":"no","errors":)" + std::string(errors) + "}");
}

TEST(failure_text, has_every_entry_with_its_place) {
  EXPECT_EQ(failure_text(
                with_errors(R"([{"pointer":"/id","detail":"required"},{"pointer":"","detail":"not JSON"}])")),
            "cartrelay: the daemon answered 400: no\n  /id: required\n  not JSON\n");
  EXPECT_EQ(
      failure_text(with_errors(
          R"([{"pointer":"/id","detail":"required","index":1},{"pointer":"","detail":"x","index":2}])")),
      "cartrelay: the daemon answered 400: no\n  event 1: /id: required\n  event 2: x\n");
}

TEST(failure_text, has_the_lines_of_the_input) {
  const std::vector<std::size_t> lines{501, 502, 701}, one{9};
  EXPECT_EQ(failure_text(with_errors(R"([{"pointer":"/id","detail":"required","index":2}])"), lines),
            "cartrelay: the daemon answered 400: no\n  line 701: /id: required\n");
  EXPECT_EQ(
      failure_text(with_errors(R"x([{"pointer":"","detail":"not JSON: x (line 3, byte 2)","index":2}])x"),
                   lines),
      "cartrelay: the daemon answered 400: no\n  line 701: not JSON: x (byte 2)\n");
  const auto clash = with_errors(R"x([{"pointer":"/id","detail":"stands before (at index 1)","index":2}])x");
  EXPECT_THAT(failure_text(clash, lines), EndsWith("  line 701: /id: stands before (line 502)\n"));
  EXPECT_THAT(failure_text(clash), EndsWith("  event 2: /id: stands before (at index 1)\n"));
  EXPECT_THAT(failure_text(clash, one), EndsWith("  event 2: /id: stands before (at index 1)\n"));
  EXPECT_THAT(failure_text(with_errors(R"([{"pointer":"/id","detail":"clash"}])"), one),
              EndsWith("  line 9: /id: clash\n"));
  EXPECT_THAT(failure_text(with_errors(R"([{"pointer":"","detail":"4 events"}])"), lines),
              EndsWith("  4 events\n"));
}

TEST(failure_text, names_the_option_for_a_token_where_one_helps) {
  EXPECT_EQ(failure_text(refused(401, R"({"detail":"a token"})")),
            "cartrelay: the daemon answered 401: a token; --token-file names one\n");
  EXPECT_EQ(failure_text(refused(401, R"({"detail":"none","reason":"no_token_configured"})")),
            "cartrelay: the daemon answered 401: none\n");
  auto with_token = refused(401, R"({"detail":"a valid token is needed"})");
  with_token.token_from = "t9";
  EXPECT_EQ(failure_text(with_token),
            "cartrelay: the daemon answered 401: a valid token is needed; that of t9 was refused: is it an "
            "old one, or the other listener's?\n");
}

TEST(failure_text, asks_for_the_listener_where_that_knows_nothing_of_it) {
  const auto hint =
      HasSubstr("; is that the right listener? `send` asks that of ingest, all else that of admin\n");
  EXPECT_THAT(failure_text(refused(404, R"({"detail":"nothing is here"})")), hint);
  EXPECT_THAT(failure_text(with_errors(R"([{"pointer":"?limit","detail":"unknown"}])")), hint);
  EXPECT_THAT(failure_text(refused(404, R"({"detail":"no such event"})")), Not(hint));
  EXPECT_THAT(failure_text(with_errors(R"([{"pointer":"?since","detail":"no moment"}])")), Not(hint));
}

TEST(failure_text, says_when_to_come_again) {
  EXPECT_EQ(
      failure_text(refused(503, R"({"detail":"full","reason":"queue_full"})", std::chrono::seconds(10))),
      "cartrelay: the daemon answered 503: full; try again in 10 s\n");
}

TEST(failure_text, is_the_answer_itself_where_that_is_no_problem) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"errors":5})"})
    EXPECT_EQ(failure_text(refused(502, body)),
              std::string("cartrelay: the daemon answered 502: ") + body + "\n");
  for (const char* errors : {"5", "[5]", R"([{"index":"x"}])", R"([{"index":-1,"pointer":5}])"})
    EXPECT_THAT(failure_text(with_errors(errors)), HasSubstr("answered 400: no\n"));
}

TEST(stored_nothing, only_where_the_daemon_says_so) {
  for (const int status : {400, 401, 408, 409, 413, 429})
    EXPECT_TRUE(stored_nothing(refused(status, "")));
  for (const char* reason : {"queue_full", "disk_low", "read_only", "stopping", "busy"})
    EXPECT_TRUE(stored_nothing(refused(503, std::string(R"({"detail":"d","reason":")") + reason + "\"}")));
  EXPECT_FALSE(stored_nothing(refused(503, R"({"detail":"d","reason":"unknown"})")));
  EXPECT_FALSE(stored_nothing(refused(503, R"({"detail":"of a proxy"})")));
  EXPECT_FALSE(stored_nothing(refused(503, "")));
  EXPECT_FALSE(stored_nothing(refused(500, R"({"detail":"d","reason":"queue_full"})")));
  EXPECT_FALSE(stored_nothing(refused(302, "")));
  namespace errc = boost::system::errc;
  EXPECT_TRUE(stored_nothing(base::error{errc::make_error_code(errc::not_connected), "nobody listens"}));
  EXPECT_TRUE(stored_nothing(base::error{errc::make_error_code(errc::permission_denied), "no token"}));
  EXPECT_FALSE(stored_nothing(base::error{errc::make_error_code(errc::io_error), "broken off"}));
}

TEST(read_answer, says_whose_answer_it_is_not) {
  const auto state = [](const boost::json::value& from) { return std::string(from.at("state").as_string()); };
  EXPECT_EQ(read_answer(answer{200, R"({"state":"running"})", {}, "http://a"}, state).value(), "running");
  for (const char* body : {"hello", "{}", "[]", "", R"({"state":5})"}) {
    const auto read = read_answer(answer{200, body, {}, "http://a"}, state);
    ASSERT_FALSE(read) << body;
    EXPECT_THAT(read.error().message(),
                AllOf(HasSubstr("http://a answered 200, but not as"), HasSubstr("Cartrelay")));
  }
}

}  // namespace
}  // namespace cartrelay::daemon::testing
