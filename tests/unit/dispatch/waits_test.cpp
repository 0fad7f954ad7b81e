#include "dispatch/backoff.hpp"
#include "dispatch/hold.hpp"
#include "dispatch/suspension.hpp"
#include "moments.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cartrelay::dispatch {
namespace {

destinations::retry_options rules(std::chrono::milliseconds initial, std::chrono::milliseconds max) {
  destinations::retry_options out;
  out.initial = initial;
  out.max = max;
  return out;
}

TEST(backoff, doubles_up_to_its_maximum) {
  const auto given = rules(1s, 10s);
  EXPECT_EQ(backoff_ceiling(given, 0), 0ms);
  EXPECT_EQ(backoff_ceiling(given, 1), 1s);
  EXPECT_EQ(backoff_ceiling(given, 2), 2s);
  EXPECT_EQ(backoff_ceiling(given, 4), 8s);
  EXPECT_EQ(backoff_ceiling(given, 5), 10s);
  EXPECT_EQ(backoff_ceiling(given, 4'000'000'000), 10s);
}

TEST(backoff, full_jitter_uses_the_whole_range) {
  base::random_source random(7);
  const auto given = rules(1s, 8s);
  base::duration least = 1h, most = 0s;
  for (int i = 0; i < 2'000; ++i) {
    const auto delay = full_jitter(given, 4, random.fraction());
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_GE(least, 0s);
  EXPECT_LT(least, 100ms);
  EXPECT_GT(most, 7'900ms);
  EXPECT_LE(most, 8s);
}

TEST(backoff, half_jitter_is_a_wait_in_any_case) {
  base::random_source random(7);
  const auto given = rules(1s, 8s);
  for (int i = 0; i < 2'000; ++i) {
    const auto delay = half_jitter(given, 3, random);
    EXPECT_GE(delay, 2s);
    EXPECT_LE(delay, 4s);
  }
}

TEST(backoff, the_same_seed_gives_the_same_delays) {
  base::random_source one(99), two(99);
  for (std::uint32_t failures = 1; failures < 20; ++failures)
    EXPECT_EQ(full_jitter(rules(1s, 600s), failures, one.fraction()),
              full_jitter(rules(1s, 600s), failures, two.fraction()));
}

TEST(hold, lasts_as_long_as_the_vendor_asked) {
  hold held(rules(1s, 600s));
  EXPECT_FALSE(held.active(at(0s).steady));
  held.ask(30s, "http_503", at(0s));
  EXPECT_TRUE(held.active(at(29'999ms).steady));
  EXPECT_FALSE(held.active(at(30s).steady));
  EXPECT_EQ(held.reason(), "http_503");
}

TEST(hold, is_capped_at_an_hour) {
  EXPECT_EQ(capped(3'600s), 1h);
  EXPECT_EQ(capped(3'601s), 1h);
  hold held(rules(1s, 600s));
  held.ask(std::chrono::hours(24 * 365), "http_429", at(0s));
  EXPECT_TRUE(held.active(at(3'599s).steady));
  EXPECT_FALSE(held.active(at(1h).steady));
}

TEST(hold, is_prolonged_and_never_shortened) {
  hold held(rules(1s, 600s));
  held.ask(60s, "first", at(0s));
  held.ask(5s, "second", at(1s));
  EXPECT_EQ(held.until(), at(60s).steady);
  EXPECT_EQ(held.reason(), "first");
  held.ask(120s, "third", at(1s));
  EXPECT_EQ(held.until(), at(121s).steady);
}

TEST(hold, without_a_time_it_is_the_growing_backoff_delay) {
  base::random_source random(1);
  hold held(rules(1s, 600s));
  held.throttled("http_429", at(0s), random);
  const auto first = held.until();
  EXPECT_GE(first, at(500ms).steady);
  EXPECT_LE(first, at(1s).steady);
  held.throttled("http_429", at(100ms), random);  // sent together with the first: one sign
  EXPECT_EQ(held.until(), first);
  held.throttled("http_429", at(2s), random);
  EXPECT_GE(held.until(), at(3s).steady);
  held.alive();
  held.throttled("http_429", at(10s), random);
  EXPECT_LE(held.until(), at(11s).steady);
}

TEST(hold, survives_a_restart_and_not_a_jump_of_the_clock) {
  const auto restored = [](base::timestamp until, std::optional<base::timestamp> since) {
    hold held(rules(1s, 600s));
    held.restore(control::pause{until, "http_429", "", since}, at(10s));
    return held.until();
  };
  EXPECT_EQ(restored(at(40s).wall, {}), at(40s).steady);
  EXPECT_EQ(restored(at(40s).wall, at(0s).wall), at(40s).steady);
  const auto jumped = at(40s).wall + std::chrono::hours(900);
  EXPECT_EQ(restored(jumped, {}), at(10s + 3'600s).steady);
  EXPECT_EQ(restored(jumped, jumped - 40s), at(50s).steady);
}

TEST(suspension, probes_after_1_2_5_and_then_every_10_minutes) {
  suspension refused;
  EXPECT_FALSE(refused.active());
  refused.begin("http_401", "aabb", at(0s));
  EXPECT_EQ(refused.probe_at(), at(1min).steady);
  refused.probe_failed("http_401", at(1min));
  EXPECT_EQ(refused.probe_at(), at(3min).steady);
  refused.probe_failed("http_403", at(3min));
  EXPECT_EQ(refused.probe_at(), at(8min).steady);
  refused.probe_failed("http_403", at(8min));
  EXPECT_EQ(refused.probe_at(), at(18min).steady);
  refused.probe_failed("http_403", at(18min));
  EXPECT_EQ(refused.probe_at(), at(28min).steady);
  EXPECT_EQ(refused.stored()->since, at(0s).wall);
  EXPECT_EQ(refused.stored()->reason, "http_403");
  refused.end();
  EXPECT_FALSE(refused.active());
}

TEST(suspension, a_hastened_probe_that_fails_puts_nothing_off) {
  suspension refused;
  refused.begin("http_401", "aabb", at(0s));
  for (const auto when : {10s, 20s, 30s}) {
    refused.hasten(at(when));
    refused.hasten(at(when));
    EXPECT_EQ(refused.probe_at(), at(when).steady);
    refused.probe_failed("http_403", at(when + 1s));
    EXPECT_EQ(refused.probe_at(), at(1min).steady);
    EXPECT_EQ(refused.stored()->next_probe, at(1min).wall);
  }
  EXPECT_EQ(refused.stored()->reason, "http_403");
  refused.hasten(at(50s));
  refused.probe_failed("http_401", at(70s));
  EXPECT_EQ(refused.probe_at(), at(70s + 2min).steady)
      << "it took the place of the one that was due meanwhile";
}

TEST(suspension, goes_on_after_a_restart_where_it_was) {
  suspension before;
  before.begin("http_401", "aabb", at(0s));
  before.probe_failed("http_401", at(1min));
  suspension after;
  after.restore(*before.stored(), at(90s));
  EXPECT_TRUE(after.active());
  EXPECT_EQ(after.probe_at(), at(3min).steady);
  after.probe_failed("http_401", at(3min));
  EXPECT_EQ(after.probe_at(), at(8min).steady);
}

}  // namespace
}  // namespace cartrelay::dispatch
