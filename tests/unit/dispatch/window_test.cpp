#include "dispatch/window.hpp"

#include "dispatch/bisect.hpp"
#include "moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace cartrelay::dispatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class window_of_events : public testing::Test {
 protected:
  struct given {
    std::vector<std::uint64_t> keys;
    dispatch::rank rank = rank::cart;
    std::uint32_t size = 10;
    base::duration linger_until = 0s, not_before = 0s, expires = 1h;
  };

  pending_event& add(queue::sequence number, given what) {
    pending_event out;
    out.number = number;
    for (const auto key : what.keys)
      out.plan.add_key(key);
    out.plan.rank = what.rank;
    out.plan.size = what.size;
    out.linger_until = at(0s).steady + what.linger_until;
    out.not_before = at(0s).steady + what.not_before;
    out.expires = at(0s).steady + what.expires;
    return subject.add(std::move(out), now);
  }
  std::vector<queue::sequence> form() {
    std::vector<queue::sequence> out;
    for (const auto* event : subject.form(now))
      out.push_back(event->number);
    return out;
  }
  void take(queue::sequence number) { subject.take(*subject.find(number)); }

  base::steady_time now = at(0s).steady;
  window subject{batch_rules{100, 10'000, 0, 1s}};
};

TEST_F(window_of_events, an_event_waits_for_every_earlier_one_that_shares_a_key) {
  add(1, {{10}});
  add(2, {{10, 20}});
  add(3, {{20}});
  add(4, {{30}});
  EXPECT_THAT(form(), ElementsAre(1, 4));
  take(1);
  EXPECT_THAT(form(), ElementsAre(4));
  subject.remove(1, now);
  EXPECT_THAT(form(), ElementsAre(2, 4));
  take(2);
  EXPECT_THAT(form(), ElementsAre(4));
  subject.remove(2, now);
  EXPECT_THAT(form(), ElementsAre(3, 4));
}

TEST_F(window_of_events, what_waits_for_a_retry_holds_back_its_keys_and_no_others) {
  add(1, {{10}});
  add(2, {{10}});
  add(3, {{20}});
  take(1);
  auto& failed = *subject.find(1);
  failed.not_before = now + 30s;
  subject.put_back(failed, now);
  EXPECT_THAT(form(), ElementsAre(3));
  take(3);
  EXPECT_EQ(subject.next_ready(now), now + 30s);
  now += 30s;
  EXPECT_THAT(form(), ElementsAre(1));
}

TEST_F(window_of_events, orders_go_before_carts_before_views_but_never_before_their_own_key) {
  add(1, {{1}, rank::view});
  add(2, {{2}, rank::cart});
  add(3, {{2}, rank::order});
  add(4, {{4}, rank::order});
  add(5, {{5}, rank::view});
  EXPECT_THAT(form(), ElementsAre(4, 2, 1, 5));
}

TEST_F(window_of_events, a_batch_lingers_from_its_oldest_event) {
  add(1, {{1}, rank::cart, 10, 800ms});
  add(2, {{2}, rank::cart, 10, 1s});
  EXPECT_THAT(form(), IsEmpty());
  EXPECT_EQ(subject.next_ready(now), now + 800ms);
  now += 799ms;
  EXPECT_THAT(form(), IsEmpty());
  now += 1ms;
  EXPECT_THAT(form(), ElementsAre(1, 2));
}

TEST_F(window_of_events, a_full_batch_goes_at_once) {
  subject = window(batch_rules{3, 10'000, 0, 1s});
  for (queue::sequence number = 1; number <= 2; ++number)
    add(number, {{number}, rank::cart, 10, 1s});
  EXPECT_THAT(form(), IsEmpty());
  for (queue::sequence number = 3; number <= 5; ++number)
    add(number, {{number}, rank::cart, 10, 1s});
  EXPECT_THAT(form(), ElementsAre(1, 2, 3));
}

TEST_F(window_of_events, bytes_are_counted_to_the_last_one) {
  subject = window(batch_rules{100, 130, 10, 1s});
  add(1, {{1}, rank::cart, 60, 1s});
  add(2, {{2}, rank::cart, 59, 1s});
  EXPECT_THAT(form(), IsEmpty()) << "129 bytes: another event might still fit";
  add(3, {{3}, rank::cart, 1, 1s});
  EXPECT_THAT(form(), ElementsAre(1, 2, 3)) << "130 bytes exactly";
  add(4, {{4}, rank::cart, 1, 1s});
  EXPECT_THAT(form(), ElementsAre(1, 2, 3));
}

TEST_F(window_of_events, an_event_that_is_too_large_for_any_batch_goes_alone) {
  subject = window(batch_rules{100, 130, 10, 1s});
  add(1, {{1}, rank::cart, 500, 1s});
  add(2, {{2}, rank::cart, 10, 1s});
  EXPECT_THAT(form(), ElementsAre(1));
}

TEST_F(window_of_events, a_replayed_event_takes_its_place_among_those_that_wait) {
  add(100, {{1, 2}});
  add(101, {{1}});
  add(102, {{2}});
  EXPECT_THAT(form(), ElementsAre(100));
  take(100);
  add(5, {{2}});
  EXPECT_THAT(form(), IsEmpty());
  subject.remove(100, now);
  EXPECT_THAT(form(), ElementsAre(5, 101)) << "before 102, which shares its key";
}

TEST_F(window_of_events, a_replayed_event_steps_in_front_of_one_whose_turn_had_come) {
  add(100, {{1}});
  ASSERT_THAT(form(), ElementsAre(100));
  add(5, {{1}});
  EXPECT_THAT(form(), ElementsAre(5));
  subject.remove(5, now);
  EXPECT_THAT(form(), ElementsAre(100));
}

TEST_F(window_of_events, one_that_is_put_back_waits_for_a_replayed_one_with_a_smaller_number) {
  add(100, {{1}});
  take(100);
  add(5, {{1}});
  subject.put_back(*subject.find(100), now);
  EXPECT_THAT(form(), ElementsAre(5));
  subject.remove(5, now);
  EXPECT_THAT(form(), ElementsAre(100));
}

TEST_F(window_of_events, replayed_events_with_two_keys_never_wait_for_each_other_in_a_circle) {
  add(4, {{1, 11}});
  take(4);
  add(1, {{1, 12}});
  subject.put_back(*subject.find(4), now);
  add(2, {{2, 12}});
  add(3, {{2, 11}});
  for (queue::sequence number = 1; number <= 4; ++number) {
    ASSERT_THAT(form(), ElementsAre(number));
    take(number);
    subject.remove(number, now);
  }
}

TEST_F(window_of_events, what_was_next_for_two_keys_counts_once) {
  subject = window(batch_rules{100, 130, 0, 1s});
  add(1, {{1, 2}});
  add(2, {{1, 2}, rank::cart, 70, 1s});
  take(1);
  subject.remove(1, now);
  EXPECT_THAT(form(), IsEmpty()) << "70 bytes: another event might still fit";
}

TEST_F(window_of_events, tells_what_is_too_old_unless_it_is_in_flight) {
  add(1, {{1}, rank::cart, 10, 0s, 0s, 20s});
  add(2, {{1}, rank::cart, 10, 0s, 0s, 10s});
  add(3, {{3}, rank::cart, 10, 0s, 0s, 10s});
  EXPECT_EQ(subject.next_expiry(), now + 10s);
  take(3);
  EXPECT_THAT(subject.expired(now + 9s), IsEmpty());
  EXPECT_THAT(subject.expired(now + 10s), ElementsAre(2));
  EXPECT_THAT(subject.expired(now + 20s), ElementsAre(2, 1));
  subject.put_back(*subject.find(3), now);
  EXPECT_THAT(subject.expired(now + 10s), ElementsAre(2, 3));
}

TEST_F(window_of_events, a_probe_is_what_was_tried_least) {
  add(1, {{1}, rank::order}).before = std::make_unique<past>();
  subject.find(1)->before->tries.count = 3;
  add(2, {{2}, rank::view});
  add(3, {{3}, rank::view});
  EXPECT_EQ(subject.form_probe(0, now)->number, 2u);
  EXPECT_EQ(subject.form_probe(0.5, now)->number, 3u);
  EXPECT_EQ(subject.form_probe(0.999, now)->number, 3u);
  take(2);
  take(3);
  EXPECT_EQ(subject.form_probe(0.999, now)->number, 1u);
  take(1);
  EXPECT_EQ(subject.form_probe(0, now), nullptr);
}

TEST_F(window_of_events, draining_forgets_turns_and_keeps_events) {
  add(1, {{1}});
  add(2, {{1}});
  const auto all = subject.drain(batch_rules{1, 100, 0, 0s});
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ(subject.size(), 0u);
  EXPECT_THAT(form(), IsEmpty());
  EXPECT_FALSE(subject.next_expiry());
}

TEST(batch_rules, a_vendor_without_bulk_calls_does_not_linger) {
  const batch_rules one{1, 100, 0, 0s};
  EXPECT_TRUE(one.full(1, 5));
  EXPECT_TRUE(one.fits(0, 0, 1'000));
  EXPECT_FALSE(one.fits(1, 5, 5));
}

TEST(bisect, halves_what_was_refused) {
  EXPECT_THAT(halves(std::vector<int>{}), IsEmpty());
  EXPECT_THAT(halves(std::vector{1}), ElementsAre(ElementsAre(1)));
  EXPECT_THAT(halves(std::vector{1, 2, 3, 4, 5}), ElementsAre(ElementsAre(1, 2), ElementsAre(3, 4, 5)));
}

TEST(bisect, finds_a_poisoned_event_in_a_logarithm_of_requests) {
  for (const std::size_t size : {2u, 3u, 10u, 100u, 1'000u})
    for (std::size_t poisoned = 0; poisoned < size; poisoned += 1 + size / 7) {
      std::vector<std::size_t> all(size);
      for (std::size_t i = 0; i < size; ++i)
        all[i] = i;
      std::vector<std::vector<std::size_t>> to_try{all};
      std::size_t requests = 0, found = 0;
      while (!to_try.empty()) {
        const auto batch = to_try.back();
        to_try.pop_back();
        ++requests;
        if (std::find(batch.begin(), batch.end(), poisoned) == batch.end()) continue;
        if (batch.size() == 1) {
          ++found;
          continue;
        }
        for (auto& half : halves(batch))
          to_try.push_back(half);
      }
      EXPECT_EQ(found, 1u);
      EXPECT_LE(static_cast<double>(requests), 2 * std::ceil(std::log2(static_cast<double>(size))) + 1);
    }
}

}  // namespace
}  // namespace cartrelay::dispatch
