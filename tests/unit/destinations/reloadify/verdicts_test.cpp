#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::reloadify::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const memory empty_cart{{"cart-products:en/k-1", "[]"}};

judgement judged(const http::outcome& came) {
  const auto where = shop();
  return run(*where, {{snapshot({"a"}), {}}}, {came}, empty_cart).judgements.front();
}

TEST(verdicts, follow_the_status) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504})
    EXPECT_EQ(judged(answer(status)).what, verdict::retry) << status;
  for (const int status : {301, 400, 404, 409, 413, 422})
    EXPECT_EQ(judged(answer(status)).what, verdict::reject) << status;
  for (const int status : {401, 403})
    EXPECT_EQ(judged(answer(status)).what, verdict::unauthorized) << status;
}

TEST(verdicts, follow_how_far_a_request_came) {
  for (const auto stage : {http::stage::resolve, http::stage::connect, http::stage::tls})
    EXPECT_EQ(judged(failed(stage)).what, verdict::retry);
  for (const auto stage : {http::stage::sending, http::stage::sent})
    EXPECT_EQ(judged(failed(stage)).what, verdict::in_doubt);
}

TEST(verdicts, doubt_no_question_that_got_no_answer) {
  for (const auto stage : {http::stage::sending, http::stage::sent}) {
    const auto where = shop();
    const auto one = run(*where, {{snapshot({"a"}), {}}}, {failed(stage)}).judgements.front();
    EXPECT_EQ(one.what, verdict::retry);
    EXPECT_EQ(one.reason, "products_unanswered");
  }
}

TEST(verdicts, carry_what_the_vendor_asked_for) {
  http::fields headers;
  headers.add("Retry-After", "17");
  EXPECT_EQ(judged(answer(429, "", headers)).retry_after, std::chrono::seconds(17));
}

TEST(verdicts, never_divide_a_single_event) {
  EXPECT_FALSE(judged(answer(422)).divisible);
}

TEST(verdicts, hold_no_token_that_the_vendor_echoed) {
  const auto one = judged(answer(400, "no such token: s3cret, sorry"));
  EXPECT_THAT(one.detail, HasSubstr("sorry"));
  EXPECT_THAT(one.detail, Not(HasSubstr("s3cret")));
}

TEST(verdicts, end_an_attempt_at_its_first_failure) {
  const auto where = shop();
  const auto log = run(*where, {{snapshot({"a", "b"}), {}}}, {answer(200), answer(500)}, empty_cart);
  EXPECT_EQ(log.requests.size(), 2U);
  EXPECT_EQ(log.judgements.front().what, verdict::retry);
}

TEST(verdicts, call_a_cart_that_is_missing_fine_only_where_it_is) {
  const auto where = shop();
  const auto put = run(*where, {{snapshot({"a"}), {}}}, {answer(200), answer(404)}, empty_cart);
  EXPECT_EQ(put.judgements.front().what, verdict::reject) << "a product that the vendor does not know";
  const auto removed =
      run(*where, {{item_event("cart.item_removed", "a"), {}}}, {answer(200), answer(404)}, empty_cart);
  EXPECT_EQ(removed.judgements.front().what, verdict::delivered);
  const auto gone =
      run(*where, {{make_event("cart.deleted", R"({"cart":{"id":"k-1"}})"), {}}}, {answer(404)});
  EXPECT_EQ(gone.judgements.front().what, verdict::delivered);
  const auto other =
      run(*where, {{make_event("cart.deleted", R"({"cart":{"id":"k-1"}})"), {}}}, {answer(410)});
  EXPECT_EQ(other.judgements.front().what, verdict::reject) << "the vendor's word for it is 404";
}

TEST(verdicts, wait_when_the_list_of_products_cannot_be_read) {
  for (const auto* body : {"", "<html>", "[]", "{}", R"({"data":{}})", R"({"data":["a"]})",
                           R"({"data":[{"id":null}]})", R"({"data":[{"id":"a"},{}]})"}) {
    const auto where = shop();
    const auto log = run(*where, {{snapshot({}), {}}}, {answer(200, body)});
    EXPECT_EQ(log.judgements.front().what, verdict::retry) << body;
    EXPECT_EQ(log.judgements.front().reason, "unexpected_answer");
  }
}

TEST(verdicts, call_every_call_safe_to_repeat) {
  const auto where = shop();
  const auto log = run(*where, {{snapshot({"a"}), {}}}, {answer(404), answer(200), answer(200)});
  EXPECT_THAT(log.safe_to_repeat, testing::Each(true));
}

TEST(verdicts, a_repeat_begins_with_the_first_call) {
  const auto where = shop();
  const auto first = run(*where, {{snapshot({"a", "b"}), {}}}, {answer(404), answer(200), answer(500)});
  const auto second = run(*where, {{snapshot({"a", "b"}), {}}},
                          {answer(200, R"({"data":[{"id":"a"}]})"), answer(200), answer(200)});
  EXPECT_THAT(lines(second.requests),
              testing::ElementsAre("GET /k-1/products", "PUT ", "PUT /k-1/products/b"));
  EXPECT_EQ(second.requests[1].body, first.requests[1].body);
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
