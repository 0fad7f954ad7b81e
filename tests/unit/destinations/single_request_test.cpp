#include "destinations/single_request.hpp"

#include <gtest/gtest.h>

namespace cartrelay::destinations {
namespace {

const base::timestamp now = *base::parse_rfc3339("2026-11-21T10:00:00Z");

http::outcome answer(int status, std::string body = {}) {
  return http::response{status, {}, std::move(body)};
}

TEST(single_request, asks_once_and_judges_every_event_alike) {
  single_request attempt(json_request("POST", "https://vendor.example/carts", "{}"), 3, true, base::secret());
  const auto request = attempt.next(now);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->target, "https://vendor.example/carts");
  EXPECT_EQ(request->headers.find("content-type"), "application/json");
  EXPECT_TRUE(attempt.safe_to_repeat());
  attempt.take(answer(503));
  EXPECT_FALSE(attempt.next(now).has_value());
  ASSERT_EQ(attempt.judgements().size(), 3u);
  for (const auto& one : attempt.judgements())
    EXPECT_EQ(one.what, verdict::retry);
  EXPECT_TRUE(attempt.changes().empty());
}

TEST(single_request, only_a_batch_can_be_divided) {
  single_request batch({}, 2, true, base::secret());
  batch.take(answer(422));
  EXPECT_TRUE(batch.judgements().front().divisible);
  single_request alone({}, 1, true, base::secret());
  alone.take(answer(422));
  EXPECT_FALSE(alone.judgements().front().divisible);
  EXPECT_EQ(alone.judgements().front().what, verdict::reject);
}

TEST(single_request, counts_a_date_to_wait_for_from_the_request) {
  single_request attempt({}, 1, true, base::secret());
  ASSERT_TRUE(attempt.next(now));
  http::response busy{429, {}, ""};
  busy.headers.add("Retry-After", "Sat, 21 Nov 2026 10:01:00 GMT");
  attempt.take(busy);
  EXPECT_EQ(attempt.judgements().front().retry_after, std::chrono::seconds(60));
}

TEST(single_request, keeps_an_echoed_credential_out_of_its_words) {
  single_request attempt({}, 1, true, base::secret("s3cret"));
  attempt.take(answer(400, "no such key: s3cret"));
  EXPECT_EQ(attempt.judgements().front().detail, "400 Bad Request: no such key: ***");
}

TEST(single_request, is_not_delivered_before_it_was_sent) {
  const single_request attempt({}, 1, true, base::secret());
  EXPECT_EQ(attempt.judgements().front().what, verdict::retry);
}

TEST(single_request, may_be_over_before_it_began) {
  judgement known;
  known.what = verdict::reject;
  known.reason = "memo_unreadable";
  single_request attempt(known);
  EXPECT_FALSE(attempt.next(now).has_value());
  ASSERT_EQ(attempt.judgements().size(), 1u);
  EXPECT_EQ(attempt.judgements().front().reason, "memo_unreadable");
}

}  // namespace
}  // namespace cartrelay::destinations
