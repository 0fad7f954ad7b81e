#include "ingest/submission.hpp"

#include "event/parse.hpp"
#include "event/stored.hpp"
#include "tests/unit/ingest/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::queue {

bool operator==(const index_term& a, const index_term& b) {
  return a.kind == b.kind && a.value == b.value;
}

}  // namespace cartrelay::queue

namespace cartrelay::ingest::testing {
namespace {

using queue::index_kind;
using queue::index_term;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

event::event parsed(const std::string& body) {
  return event::parse_body(body, event::encoding::json, 1, arrival, {}).value().front();
}

TEST(submission, keeps_what_the_queue_has_to_know) {
  const auto accepted = parsed(order_paid("e-1", "o-1"));
  const auto out = to_new_event(accepted, [](const event::event& what) {
    return what.type == event::event_type::order_paid ? std::vector<queue::destination_id>{4, 2}
                                                      : std::vector<queue::destination_id>{};
  });
  EXPECT_EQ(out.source, "shop/bg");
  EXPECT_EQ(out.id, "e-1");
  EXPECT_EQ(out.type, event::event_type::order_paid);
  EXPECT_EQ(out.received_at, arrival);
  EXPECT_FALSE(out.time);
  EXPECT_EQ(out.digest, event::digest(accepted));
  EXPECT_THAT(out.routed, ElementsAre(4, 2));
  const auto back = event::decode(out.stored);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->json, accepted.json);
}

TEST(submission, is_found_by_order_cart_and_customer) {
  const auto out = to_new_event(parsed(order_paid("e-1", "o-1")),
                                [](const event::event&) { return std::vector<queue::destination_id>{}; });
  EXPECT_THAT(out.terms,
              UnorderedElementsAre(index_term{index_kind::order, "o-1"}, index_term{index_kind::cart, "c-1"},
                                   index_term{index_kind::customer, "u-1"},
                                   index_term{index_kind::customer, "a@b.example"},
                                   index_term{index_kind::customer, "+35912345678"}));
}

TEST(submission, is_found_by_its_subject) {
  auto body = page_view("1");
  body.insert(1, R"("subject":"spring sale",)");
  const auto out =
      to_new_event(parsed(body), [](const event::event&) { return std::vector<queue::destination_id>{}; });
  EXPECT_THAT(out.terms, ElementsAre(index_term{index_kind::subject, "spring sale"}));
}

TEST(submission, a_view_of_nobody_is_found_by_nothing) {
  const auto out = to_new_event(parsed(page_view("1")),
                                [](const event::event&) { return std::vector<queue::destination_id>{}; });
  EXPECT_TRUE(out.terms.empty());
}

TEST(submission, the_time_counts_where_it_is_given) {
  auto body = page_view("1");
  body.insert(1, R"("time":"2026-03-15T14:22:00+02:00",)");
  const auto out =
      to_new_event(parsed(body), [](const event::event&) { return std::vector<queue::destination_id>{}; });
  EXPECT_EQ(out.time, base::parse_rfc3339("2026-03-15T12:22:00Z"));
}

}  // namespace
}  // namespace cartrelay::ingest::testing
