#pragma once

#include "base/digest.hpp"
#include "dispatch/lane.hpp"
#include "moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::dispatch {

/// A lane, a clock that is moved by hand, and a queue that takes every step when it is told to.
class lane_bench : public testing::Test {
 protected:
  lane_bench() {
    given.name = "vendor";
    given.secret = base::secret("first");
    given.retry.initial = 10s;
    given.retry.max = 600s;
    given.retry.max_age = 72h;
    given.concurrency = 4;
    rules = {1, 1'000, 0, 0ms};
    limits.step_every = limits.awaited_step_every = 0ms;  // steps are looked at one by one
  }

  void begin(queue::unit_state stood = {}) {
    subject = std::make_unique<lane>(given, rules, std::move(stood), now, 1, limits);
  }
  static event_plan plan(std::vector<std::string> keys, dispatch::rank rank = rank::order) {
    event_plan out;
    out.rank = rank;
    for (const auto& key : keys)
      out.add_key(base::stable_hash(key));
    out.size = 10;
    return out;
  }
  /// A cart.* event, or a snapshot of the cart.
  static event_plan cart(std::uint64_t id, bool snapshot = false, std::uint64_t which = 1) {
    auto out = plan({"cart:" + std::to_string(id)}, rank::cart);
    out.cart_id = id;
    out.cart = 100 * id + which;
    out.replaceable = true;
    out.snapshot = snapshot;
    return out;
  }
  static event_plan order_of(std::uint64_t cart_id, const std::string& key) {
    auto out = plan({key});
    out.cart_id = cart_id;
    out.boundary = true;
    return out;
  }
  void offer(queue::sequence number, const event_plan& what) { subject->offer(number, now.wall, what, now); }
  /// Each with a key of its own.
  void offer_many(queue::sequence first, queue::sequence last) {
    for (auto number = first; number <= last; ++number)
      offer(number, plan({std::to_string(number)}));
  }

  batch take() {
    auto out = subject->take(now);
    EXPECT_TRUE(out) << "nothing is to be sent";
    return out.value_or(batch());
  }
  bool nothing_to_send() { return !subject->take(now); }

  static attempt_result came(const batch& what, destinations::verdict verdict, int status,
                             std::string reason = {}) {
    attempt_result out;
    destinations::judgement judged;
    judged.what = verdict;
    judged.reason = std::move(reason);
    out.judgements.assign(what.numbers.size(), judged);
    out.request = "POST https://vendor.test/";
    out.status = status;
    out.answer = "words";
    out.evidence = R"({"method":"POST"})";
    out.began = at(0s).wall;
    return out;
  }
  void deliver(const batch& what) {
    subject->gates().measure(false, 100ms, now);
    subject->finish(what, came(what, destinations::verdict::delivered, 200), now);
  }
  void fail(const batch& what, int status = 503) {
    subject->finish(what, came(what, destinations::verdict::retry, status, "http_" + std::to_string(status)),
                    now);
  }
  void fail_told(const batch& what, std::chrono::seconds wait, int status = 503) {
    auto result = came(what, destinations::verdict::retry, status, "http_" + std::to_string(status));
    result.judgements.front().retry_after = wait;
    subject->finish(what, std::move(result), now);
  }
  void refuse(const batch& what, bool divisible) {
    auto result = came(what, destinations::verdict::reject, 400, "rejected");
    for (auto& judged : result.judgements)
      judged.divisible = divisible;
    subject->finish(what, std::move(result), now);
  }

  /// What the queue keeps of an event that waits.
  static queue::exception row(queue::sequence number) {
    queue::exception out;
    out.number = number;
    out.age_from = at(0s).wall;
    return out;
  }

  /// The next step, taken by the queue.
  queue::progress commit() {
    auto step = subject->step(now);
    EXPECT_TRUE(step) << "there is nothing to store";
    if (!step) return {};
    subject->committed();
    return *step;
  }
  void pass(base::duration span) {
    const auto whole = std::chrono::ceil<std::chrono::microseconds>(span);
    now.steady += whole;
    now.wall += whole;
  }
  /// Moves to the time that the lane asks for.
  void sleep() {
    const auto until = subject->next_wakeup(now);
    ASSERT_TRUE(until) << "the lane would sleep for ever";
    if (*until > now.steady) pass(*until - now.steady);
  }

  destinations::options given;
  batch_rules rules;
  lane_limits limits;
  instant now = at(0s);
  std::unique_ptr<lane> subject;
};

}  // namespace cartrelay::dispatch
