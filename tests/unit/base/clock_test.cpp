#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace cartrelay::base {
namespace {

using namespace std::chrono_literals;

TEST(manual_clock, moves_both_times_together) {
  manual_clock clock(from_micros(1'000));
  const auto steady = clock.steady();
  EXPECT_EQ(clock.now(), from_micros(1'000));
  clock.advance(250ms);
  EXPECT_EQ(clock.now(), from_micros(251'000));
  EXPECT_EQ(clock.steady() - steady, 250ms);
}

TEST(system_clock, agrees_with_the_machine) {
  const auto before = std::chrono::system_clock::now();
  const auto now = system_clock().now();
  EXPECT_LE(std::chrono::floor<std::chrono::microseconds>(before), now);
  EXPECT_LT(now - before, 10s);
}

}  // namespace
}  // namespace cartrelay::base
