#include "base/uuid.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cartrelay::base {
namespace {

TEST(uuid, version_4_differs_each_time) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto id = uuid_v4();
    ASSERT_EQ(id.size(), 36u);
    EXPECT_EQ(id[14], '4');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef-"), std::string::npos);
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 1'000u);
}

// Vendors have seen these: a change here makes every repeat a new call for them.
TEST(uuid, version_5_is_fixed_for_ever) {
  EXPECT_EQ(uuid_v5("shop/bg\n1001"), "b49d1956-4501-5941-b53e-8505bc8f295a");
  EXPECT_EQ(uuid_v5(""), "a5bf684f-7367-5105-b6b6-e4b27dca7cc3");
  EXPECT_NE(uuid_v5("a"), uuid_v5("b"));
}

TEST(random_source, repeats_itself_for_a_seed) {
  random_source a(7), b(7), c(8);
  bool all_equal = true;
  for (int i = 0; i < 100; ++i) {
    const auto bound = a.below(1'000);
    EXPECT_LT(bound, 1'000u);
    EXPECT_EQ(bound, b.below(1'000));
    all_equal = all_equal && bound == c.below(1'000);
    const auto fraction = a.fraction();
    EXPECT_GE(fraction, 0.0);
    EXPECT_LT(fraction, 1.0);
    EXPECT_EQ(fraction, b.fraction());
  }
  EXPECT_FALSE(all_equal);
  EXPECT_EQ(a.below(0), 0u);
}

}  // namespace
}  // namespace cartrelay::base
