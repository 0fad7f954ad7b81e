#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::esputnik::test {
namespace {

using testing::HasSubstr;
using testing::Not;

judgement judged(const http::outcome& came) {
  const auto where = shop();
  return run(*where, {{cart_event("cart.deleted"), {}}}, {came}).judgements.front();
}

TEST(verdicts, follow_the_status) {
  for (const int status : {200, 201, 202, 204})
    EXPECT_EQ(judged(answer(status, "not what is documented")).what, verdict::delivered) << status;
  for (const int status : {301, 400, 404, 422})
    EXPECT_EQ(judged(answer(status)).what, verdict::reject) << status;
  for (const int status : {401, 403})
    EXPECT_EQ(judged(answer(status)).what, verdict::unauthorized) << status;
  for (const int status : {408, 425, 429, 500, 502, 503, 504})
    EXPECT_EQ(judged(answer(status)).what, verdict::retry) << status;
}

TEST(verdicts, follow_how_far_the_request_came) {
  for (const auto stage : {http::stage::resolve, http::stage::connect, http::stage::tls})
    EXPECT_EQ(judged(failed(stage)).what, verdict::retry);
  for (const auto stage : {http::stage::sending, http::stage::sent})
    EXPECT_EQ(judged(failed(stage)).what, verdict::in_doubt);
}

TEST(verdicts, carry_what_the_vendor_asked_for) {
  http::fields headers;
  headers.add("Retry-After", "60");
  EXPECT_EQ(judged(answer(429, "", headers)).retry_after, std::chrono::seconds(60));
}

TEST(verdicts, never_divide_a_single_event) {
  EXPECT_FALSE(judged(answer(400)).divisible);
}

TEST(verdicts, hold_no_credential_that_the_vendor_echoed) {
  const auto one = judged(answer(400, "bad key s3cret in Basic Y2FydHJlbGF5OnMzY3JldA==, sorry"));
  EXPECT_THAT(one.detail, HasSubstr("sorry"));
  EXPECT_THAT(one.detail, Not(HasSubstr("s3cret")));
  EXPECT_THAT(one.detail, Not(HasSubstr("Y2FydHJlbGF5OnMzY3JldA")));
}

TEST(verdicts, say_retry_of_an_attempt_that_was_broken_off) {
  const auto where = shop({{"import_contacts", true}});
  const auto attempt = where->begin({{order_event("order.paid"), {}}}, {});
  EXPECT_EQ(attempt->judgements().front().what, verdict::retry);
  ASSERT_TRUE(attempt->next(now));
  attempt->take(answer(200));  // the contact's import
  EXPECT_EQ(attempt->judgements().front().what, verdict::retry);
  ASSERT_TRUE(attempt->next(now));
  attempt->take(answer(200));
  EXPECT_EQ(attempt->judgements().front().what, verdict::delivered);
}

TEST(requests, are_json_with_the_key_as_password) {
  const auto where = shop();
  const auto log = run(*where, {{cart_event("cart.deleted"), {}}}, {answer(200)});
  ASSERT_EQ(log.requests.size(), 1U);
  EXPECT_EQ(log.requests[0].method, "POST");
  EXPECT_EQ(header(log.requests[0], "Content-Type"), "application/json");
  EXPECT_EQ(header(log.requests[0], "Authorization"), "Basic Y2FydHJlbGF5OnMzY3JldA==");
  EXPECT_TRUE(log.safe_to_repeat.front());
}

TEST(requests, of_a_repeat_are_the_same) {
  const auto where = shop();
  const auto what = cart_event("cart.updated", R"(,"items":[{"product_id":"p"}])");
  EXPECT_EQ(body_of(what), body_of(what));
}

}  // namespace
}  // namespace cartrelay::destinations::esputnik::test
