// OAuth2 client credentials, as a dispatcher and the vendor see them.
#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::reloadify::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string token_call = "POST https://app.reloadify.com/oauth/token";

http::outcome token(std::string_view value, int lifetime_s = 3'600) {
  return answer(200, fmt::format(R"({{"access_token":"{}","token_type":"Bearer","expires_in":{}}})", value,
                                 lifetime_s));
}

event::event_ptr gone() {
  return make_event("cart.deleted", R"({"cart":{"id":"k-1"}})");
}

struct sent {
  std::vector<std::string> calls;  // with the token of each behind it
  judgement end;
};

/// One attempt that takes no time.
sent attempt(destination& where, base::timestamp at, const std::vector<http::outcome>& outcomes) {
  const auto one = where.begin({{gone(), {}}}, {});
  sent out;
  auto coming = outcomes.begin();
  while (auto call = one->next(at)) {
    out.calls.push_back(lines({*call}).front() + " " + header(*call, "Authorization"));
    if (coming == outcomes.end()) throw std::logic_error("unexpected request: " + out.calls.back());
    one->take(*coming++);
  }
  if (coming != outcomes.end()) throw std::logic_error("an outcome was not asked for");
  out.end = one->judgements().front();
  return out;
}

const std::string fetch = token_call + " (none)";
std::string with(std::string_view value) {
  return fmt::format("DELETE /k-1 Bearer {}", value);
}

TEST(oauth, fetches_a_token_first) {
  const auto where = oauth_shop();
  const auto log = run(*where, {{gone(), {}}}, {token("t-1"), answer(204)});
  EXPECT_THAT(lines(log.requests), ElementsAre(token_call, "DELETE /k-1"));
  EXPECT_EQ(log.requests[0].body,
            R"({"grant_type":"client_credentials","client_id":"shop-1","client_secret":"t0p"})");
  EXPECT_EQ(header(log.requests[0], "Content-Type"), "application/json");
  EXPECT_EQ(header(log.requests[1], "Authorization"), "Bearer t-1");
  EXPECT_EQ(log.judgements.front().what, verdict::delivered);
}

TEST(oauth, asks_where_it_is_told_to) {
  auto given = shop_options({{"client_id", std::string("c")},
                             {"client_secret", base::secret("s")},
                             {"token_url", std::string("https://id.example/token")}});
  given.secret = {};
  const auto where = make_destination(given);
  const auto log = run(*where, {{gone(), {}}}, {token("t-1"), answer(204)});
  EXPECT_EQ(log.requests[0].target, "https://id.example/token");
}

TEST(oauth, keeps_the_token_for_later_attempts) {
  const auto where = oauth_shop();
  EXPECT_THAT(attempt(*where, now, {token("t-1"), answer(204)}).calls, ElementsAre(fetch, with("t-1")));
  EXPECT_THAT(attempt(*where, now + 3'539s, {answer(204)}).calls, ElementsAre(with("t-1")));
}

TEST(oauth, renews_before_the_token_expires) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  EXPECT_THAT(attempt(*where, now + 3'540s, {token("t-2"), answer(204)}).calls,
              ElementsAre(fetch, with("t-2")));
  EXPECT_THAT(attempt(*where, now + 3'541s, {answer(204)}).calls, ElementsAre(with("t-2")));
}

TEST(oauth, renews_a_short_lived_token_late_enough_to_use_it) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1", 100), answer(204)});
  EXPECT_THAT(attempt(*where, now + 89s, {answer(204)}).calls, ElementsAre(with("t-1")));
  EXPECT_THAT(attempt(*where, now + 90s, {token("t-2"), answer(204)}).calls, ElementsAre(fetch, with("t-2")));
}

TEST(oauth, renews_once_while_the_others_go_on) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  const auto renewing = where->begin({{gone(), {}}}, {});
  EXPECT_EQ(lines({*renewing->next(now + 3'550s)}).front(), token_call);
  EXPECT_THAT(attempt(*where, now + 3'551s, {answer(204)}).calls, ElementsAre(with("t-1")));
  renewing->take(token("t-2"));
  EXPECT_THAT(attempt(*where, now + 3'552s, {answer(204)}).calls, ElementsAre(with("t-2")));
}

TEST(oauth, begins_a_renewal_anew_that_was_never_heard_of_again) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  auto cancelled = where->begin({{gone(), {}}}, {});
  EXPECT_EQ(lines({*cancelled->next(now + 3'540s)}).front(), token_call);
  cancelled.reset();
  EXPECT_THAT(attempt(*where, now + 3'570s, {token("t-2"), answer(204)}).calls,
              ElementsAre(fetch, with("t-2")));
}

TEST(oauth, goes_on_with_the_old_token_when_an_early_renewal_fails) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  const auto log = attempt(*where, now + 3'550s, {answer(503), answer(204)});
  EXPECT_THAT(log.calls, ElementsAre(fetch, with("t-1")));
  EXPECT_EQ(log.end.what, verdict::delivered);
}

TEST(oauth, says_retry_of_an_attempt_that_was_broken_off) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  const auto one = where->begin({{gone(), {}}}, {});
  EXPECT_EQ(one->judgements().front().what, verdict::retry);
  ASSERT_TRUE(one->next(now + 3'550s));
  one->take(failed(http::stage::connect));  // the renewal, which would not have ended it
  EXPECT_EQ(one->judgements().front().what, verdict::retry);
}

TEST(oauth, does_not_use_a_token_past_its_end) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  const auto log = attempt(*where, now + 3'600s, {answer(503)});
  EXPECT_THAT(log.calls, ElementsAre(fetch));
  EXPECT_EQ(log.end.what, verdict::retry);
}

TEST(oauth, renews_once_when_the_token_is_refused) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  const auto log = attempt(*where, now + 1s, {answer(401), token("t-2"), answer(204)});
  EXPECT_THAT(log.calls, ElementsAre(with("t-1"), fetch, with("t-2")));
  EXPECT_EQ(log.end.what, verdict::delivered);
}

TEST(oauth, is_unauthorized_when_the_new_token_is_refused_too) {
  const auto where = oauth_shop();
  const auto log = attempt(*where, now, {token("t-1"), answer(401), token("t-2"), answer(401)});
  EXPECT_THAT(log.calls, ElementsAre(fetch, with("t-1"), fetch, with("t-2")));
  EXPECT_EQ(log.end.what, verdict::unauthorized);
}

TEST(oauth, uses_the_token_that_another_attempt_renewed_meanwhile) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  const auto slow = where->begin({{gone(), {}}}, {});
  EXPECT_EQ(header(*slow->next(now + 1s), "Authorization"), "Bearer t-1");
  attempt(*where, now + 2s, {answer(401), token("t-2"), answer(204)});
  slow->take(answer(401));
  EXPECT_EQ(header(*slow->next(now + 3s), "Authorization"), "Bearer t-2");
}

TEST(oauth, does_not_renew_for_403) {
  const auto where = oauth_shop();
  EXPECT_EQ(attempt(*where, now, {token("t-1"), answer(403)}).end.what, verdict::unauthorized);
}

TEST(oauth, renews_again_later_in_a_long_attempt) {
  const auto where = oauth_shop();
  const auto log = run(*where, {{snapshot({"a"}), {}}},
                       {token("t-1"), answer(401), token("t-2"), answer(404), answer(401), token("t-3"),
                        answer(200), answer(401), token("t-4"), answer(200)});
  EXPECT_EQ(log.judgements.front().what, verdict::delivered);
}

TEST(oauth, suspends_when_the_client_is_refused) {
  for (const int status : {400, 401, 403, 404, 422, 302}) {
    const auto where = oauth_shop();
    const auto log = attempt(*where, now, {answer(status, R"({"error":"invalid_client"})")});
    EXPECT_EQ(log.end.what, verdict::unauthorized) << status;
    EXPECT_THAT(log.end.detail, HasSubstr("invalid_client"));
    EXPECT_FALSE(log.end.divisible);
  }
}

TEST(oauth, waits_when_the_token_endpoint_does_not_answer) {
  const auto where = oauth_shop();
  for (const auto& came : {answer(500), answer(429), failed(http::stage::connect), failed(http::stage::sent)})
    EXPECT_EQ(attempt(*where, now, {came}).end.what, verdict::retry);
  http::fields headers;
  headers.add("Retry-After", "9");
  EXPECT_EQ(attempt(*where, now, {answer(503, "", headers)}).end.retry_after, 9s);
}

TEST(oauth, suspends_when_the_answer_holds_no_usable_token) {
  for (const auto* body : {"", "<html>", "[]", "{}", R"({"access_token":7})", R"({"access_token":""})",
                           R"({"access_token":"a\r\nX-Injected: b"})"}) {
    const auto where = oauth_shop();
    const auto log = attempt(*where, now, {answer(200, body)});
    EXPECT_EQ(log.end.what, verdict::unauthorized) << body;
    EXPECT_EQ(log.end.reason, "token_unusable");
  }
}

TEST(oauth, gives_up_on_tokens_that_are_expired_before_they_are_used) {
  const auto where = oauth_shop();
  const auto slow = where->begin({{gone(), {}}}, {});
  for (const auto asked_at : {now, now + 1s}) {
    EXPECT_THAT(lines({slow->next(asked_at).value()}), ElementsAre(token_call));
    slow->take(token("t-1", 1));
  }
  EXPECT_FALSE(slow->next(now + 2s));
  EXPECT_EQ(slow->judgements().front().what, verdict::unauthorized);
  EXPECT_EQ(slow->judgements().front().reason, "token_unusable");
}

TEST(oauth, takes_a_lifetime_that_is_none_for_an_unknown_one) {
  for (const auto* lifetime : {"0", "-1", "\"0\"", "null", "0.5"}) {
    const auto where = oauth_shop();
    const auto given = answer(200, fmt::format(R"({{"access_token":"t-1","expires_in":{}}})", lifetime));
    EXPECT_THAT(attempt(*where, now, {given, answer(204)}).calls, ElementsAre(fetch, with("t-1")))
        << lifetime;
    EXPECT_THAT(attempt(*where, now + 59min - 1s, {answer(204)}).calls, ElementsAre(with("t-1"))) << lifetime;
  }
}

TEST(oauth, reads_lifetimes_however_they_are_written) {
  for (const auto* lifetime : {R"(,"expires_in":"120")", R"(,"expires_in":120)"}) {
    const auto where = oauth_shop();
    attempt(*where, now, {answer(200, fmt::format(R"({{"access_token":"t-1"{}}})", lifetime)), answer(204)});
    EXPECT_THAT(attempt(*where, now + 100s, {answer(204)}).calls, ElementsAre(with("t-1"))) << lifetime;
    EXPECT_EQ(attempt(*where, now + 110s, {token("t-2"), answer(204)}).calls.front(), fetch) << lifetime;
  }
  const auto where = oauth_shop();
  attempt(*where, now, {answer(200, R"({"access_token":"t-1"})"), answer(204)});
  EXPECT_THAT(attempt(*where, now + 59min - 1s, {answer(204)}).calls, ElementsAre(with("t-1"))) << "an hour";
}

TEST(oauth, passes_over_a_byte_order_mark) {
  const auto where = oauth_shop();
  EXPECT_THAT(
      attempt(*where, now, {answer(200, "\xef\xbb\xbf{\"access_token\":\"t-1\"}"), answer(204)}).calls,
      ElementsAre(fetch, with("t-1")));
}

TEST(oauth, one_attempt_fetches_the_token_that_others_wait_for) {
  const auto where = oauth_shop();
  const auto first = where->begin({{gone(), {}}}, {});
  const auto second = where->begin({{gone(), {}}}, {});
  EXPECT_TRUE(first->next(now));
  EXPECT_FALSE(second->next(now));
  EXPECT_TRUE(second->is_waiting());
  first->take(token("t-1"));
  const auto call = second->next(now);
  ASSERT_TRUE(call);
  EXPECT_FALSE(second->is_waiting());
  EXPECT_EQ(header(*call, "Authorization"), "Bearer t-1");
}

TEST(oauth, whoever_waited_in_vain_fetches_it) {
  const auto where = oauth_shop();
  auto first = where->begin({{gone(), {}}}, {});
  const auto second = where->begin({{gone(), {}}}, {});
  EXPECT_TRUE(first->next(now));
  EXPECT_FALSE(second->next(now));
  EXPECT_EQ(second->judgements().front().what, verdict::retry) << "not sent";
  first.reset();
  const auto call = second->next(now);
  ASSERT_TRUE(call);
  EXPECT_THAT(lines({*call}), ElementsAre(token_call));
}

TEST(oauth, a_token_that_was_renewed_meanwhile_is_no_wrong_credential) {
  const auto where = oauth_shop();
  attempt(*where, now, {token("t-1"), answer(204)});
  const auto first = where->begin({{gone(), {}}}, {});
  const auto second = where->begin({{gone(), {}}}, {});
  EXPECT_TRUE(first->next(now));
  EXPECT_TRUE(second->next(now));
  first->take(answer(401));
  EXPECT_TRUE(first->next(now));
  first->take(token("t-2"));
  second->take(answer(401));  // of t-1
  const auto call = second->next(now);
  ASSERT_TRUE(call);
  EXPECT_EQ(header(*call, "Authorization"), "Bearer t-2");
  second->take(answer(401));
  EXPECT_THAT(lines({second->next(now).value()}), ElementsAre(token_call)) << "it has a refusal left";
  second->take(token("t-3"));
  EXPECT_TRUE(second->next(now));
  second->take(answer(401));
  EXPECT_FALSE(second->next(now));
  EXPECT_EQ(second->judgements().front().what, verdict::unauthorized);
}

TEST(oauth, goes_on_with_a_good_token_when_its_renewal_fails) {
  for (const auto& came : {answer(200, "<html>"), answer(503), failed(http::stage::connect)}) {
    const auto where = oauth_shop();
    attempt(*where, now, {token("t-1", 100), answer(204)});
    const auto log = attempt(*where, now + 95s, {came, answer(204)});
    EXPECT_THAT(log.calls, ElementsAre(fetch, with("t-1")));
    EXPECT_EQ(log.end.what, verdict::delivered);
  }
}

TEST(oauth, shows_no_secret) {
  const auto where = oauth_shop();
  const auto refused = attempt(*where, now, {answer(400, "client_secret t0p is wrong")});
  EXPECT_THAT(refused.end.detail, Not(HasSubstr("t0p")));
  const auto unusable = attempt(*where, now, {answer(200, R"({"token":"t-9"})")});
  EXPECT_THAT(unusable.end.detail, Not(HasSubstr("t-9")));
  const auto echoed = attempt(*where, now, {token("t-1"), answer(400, "Bearer t-1 may not")});
  EXPECT_THAT(echoed.end.detail, Not(HasSubstr("t-1")));
  EXPECT_THAT(echoed.end.detail, HasSubstr("may not"));
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
