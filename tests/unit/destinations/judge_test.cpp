#include "destinations/judge.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace cartrelay::destinations {
namespace {

const base::timestamp now = *base::parse_rfc3339("2026-11-21T10:00:00Z");

judgement of_status(int status, std::string body = {}) {
  return judge_answer({status, {}, std::move(body)}, now);
}

std::optional<std::chrono::seconds> wait(std::string value) {
  http::fields headers;
  headers.add("retry-after", std::move(value));
  return retry_after(headers, now);
}

struct status_case {
  int status;
  verdict what;
  std::string_view reason;
  bool divisible;
};

class general_table : public testing::TestWithParam<status_case> {};

TEST_P(general_table, gives_each_status_its_meaning) {
  const auto out = of_status(GetParam().status);
  EXPECT_EQ(out.what, GetParam().what);
  EXPECT_EQ(out.reason, GetParam().reason);
  EXPECT_EQ(out.divisible, GetParam().divisible);
}

INSTANTIATE_TEST_SUITE_P(statuses, general_table,
                         testing::Values(status_case{200, verdict::delivered, "", false},
                                         status_case{202, verdict::delivered, "", false},
                                         status_case{204, verdict::delivered, "", false},
                                         status_case{299, verdict::delivered, "", false},
                                         status_case{301, verdict::reject, "rejected", false},
                                         status_case{304, verdict::reject, "rejected", false},
                                         status_case{400, verdict::reject, "rejected", true},
                                         status_case{401, verdict::unauthorized, "http_401", false},
                                         status_case{403, verdict::unauthorized, "http_403", false},
                                         status_case{404, verdict::reject, "rejected", false},
                                         status_case{408, verdict::retry, "http_408", false},
                                         status_case{409, verdict::reject, "rejected", false},
                                         status_case{413, verdict::reject, "rejected", true},
                                         status_case{422, verdict::reject, "rejected", true},
                                         status_case{425, verdict::retry, "http_425", false},
                                         status_case{429, verdict::retry, "http_429", false},
                                         status_case{500, verdict::retry, "http_500", false},
                                         status_case{503, verdict::retry, "http_503", false},
                                         status_case{504, verdict::retry, "http_504", false},
                                         status_case{599, verdict::retry, "http_599", false}),
                         [](const auto& of) { return "http_" + std::to_string(of.param.status); });

TEST(judge, what_never_reached_the_vendor_is_retried) {
  const std::pair<http::stage, std::string_view> before_sending[] = {
      {http::stage::resolve, "dns"}, {http::stage::connect, "connect"}, {http::stage::tls, "tls"}};
  for (const auto& [stage, reason] : before_sending) {
    const auto out = judge(http::failure{stage, "no luck"}, now);
    EXPECT_EQ(out.what, verdict::retry);
    EXPECT_EQ(out.reason, reason);
    EXPECT_EQ(out.detail, "no luck");
  }
}

TEST(judge, what_may_have_reached_the_vendor_is_in_doubt) {
  for (const auto stage : {http::stage::sending, http::stage::sent}) {
    const auto out = judge(http::failure{stage, "connection reset"}, now);
    EXPECT_EQ(out.what, verdict::in_doubt);
    EXPECT_EQ(out.reason, "in_doubt");
    EXPECT_EQ(out.detail, "connection reset");
  }
}

TEST(judge, says_what_the_vendor_said) {
  EXPECT_EQ(of_status(400, R"({"message":"bad cart"})").detail, R"(400 Bad Request: {"message":"bad cart"})");
  EXPECT_EQ(of_status(503).detail, "503 Service Unavailable");
  EXPECT_EQ(of_status(299).detail, "");
}

TEST(judge, carries_the_wait_only_where_there_is_something_to_wait_for) {
  http::fields headers;
  headers.add("Retry-After", "120");
  EXPECT_EQ(judge_answer({429, headers, ""}, now).retry_after, std::chrono::seconds(120));
  EXPECT_EQ(judge_answer({503, headers, ""}, now).retry_after, std::chrono::seconds(120));
  EXPECT_EQ(judge_answer({400, headers, ""}, now).retry_after, std::nullopt);
  EXPECT_EQ(judge_answer({200, headers, ""}, now).retry_after, std::nullopt);
}

TEST(retry_after, reads_seconds) {
  EXPECT_EQ(wait("7"), std::chrono::seconds(7));
  EXPECT_EQ(wait("  7 "), std::chrono::seconds(7));
  EXPECT_EQ(wait("99999999999999999999999"), std::chrono::hours(24 * 366));
}

TEST(retry_after, reads_dates_from_now) {
  EXPECT_EQ(wait("Sat, 21 Nov 2026 10:02:00 GMT"), std::chrono::minutes(2));
  EXPECT_EQ(wait("Saturday, 21-Nov-26 10:00:01 GMT"), std::chrono::seconds(1));
}

TEST(retry_after, takes_no_notice_of_what_asks_for_no_wait) {
  for (const auto* value : {"0", "-5", "1.5", "soon", "", "Sat, 21 Nov 2026 09:59:00 GMT"})
    EXPECT_EQ(wait(value), std::nullopt) << value;
  EXPECT_EQ(retry_after({}, now), std::nullopt);
}

TEST(evidence, keeps_words_of_any_language) {
  EXPECT_EQ(evidence("Грешна количка – 🛒"), "Грешна количка – 🛒");
}

TEST(evidence, makes_strange_bytes_printable) {
  EXPECT_EQ(evidence("a\r\nb\x1b[31mc\x7f"), "a  b [31mc ");
  EXPECT_EQ(evidence("a\xc2\x9b"
                     "b"),
            "a b");
  EXPECT_EQ(evidence("a\xff\xc3"), "a??");
  EXPECT_EQ(evidence(std::string_view("a\0b", 3)), "a b");
}

TEST(evidence, ends_at_two_kib_without_cutting_a_character) {
  EXPECT_EQ(evidence(std::string(5'000, 'x')).size(), longest_evidence);
  std::string wide = "x";
  while (wide.size() < 5'000)
    wide += "я";
  EXPECT_EQ(evidence(wide).size(), longest_evidence - 1);
  EXPECT_TRUE(base::is_valid_utf8(evidence(wide)));
}

TEST(mask, takes_out_every_occurrence) {
  EXPECT_EQ(mask("key k3y and k3yk3y", base::secret("k3y")), "key *** and ******");
  EXPECT_EQ(mask("nothing", base::secret()), "nothing");
  EXPECT_EQ(mask("a*b", base::secret("*")), "a***b");
  EXPECT_EQ(mask("aaaaa", base::secret("aa")), "******a");
}

}  // namespace
}  // namespace cartrelay::destinations
