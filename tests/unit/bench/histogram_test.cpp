#include "bench/load/histogram.hpp"

#include <gtest/gtest.h>

namespace cartrelay::bench {
namespace {

using std::chrono::nanoseconds;

TEST(histogram, small_values_are_exact) {
  histogram counts;
  for (int i = 1; i <= 100; ++i)
    counts.add(nanoseconds(i));
  EXPECT_EQ(counts.percentile(0.5), nanoseconds(50));
  EXPECT_EQ(counts.percentile(0.99), nanoseconds(99));
  EXPECT_EQ(counts.percentile(1), nanoseconds(100));
  EXPECT_EQ(counts.max(), nanoseconds(100));
  EXPECT_EQ(counts.mean(), nanoseconds(50));
}

TEST(histogram, large_values_are_right_within_one_percent) {
  for (std::int64_t value = 200; value < 3'000'000'000'000; value = value * 7 / 3) {
    histogram counts;
    counts.add(nanoseconds(value));
    counts.add(nanoseconds(value * 2));
    const auto found = static_cast<double>(counts.percentile(0.5).count());
    EXPECT_NEAR(found / static_cast<double>(value), 1, 0.008) << value;
  }
}

TEST(histogram, one_slow_answer_in_a_thousand_shows_where_it_belongs) {
  histogram counts;
  for (int i = 0; i < 999; ++i)
    counts.add(std::chrono::microseconds(100));
  counts.add(std::chrono::seconds(1));
  EXPECT_LT(counts.percentile(0.999), std::chrono::microseconds(101));
  EXPECT_EQ(counts.percentile(1), std::chrono::seconds(1));
  counts.clear();
  EXPECT_EQ(counts.count(), 0u);
  EXPECT_EQ(counts.percentile(0.5), nanoseconds(0));
}

}  // namespace
}  // namespace cartrelay::bench
