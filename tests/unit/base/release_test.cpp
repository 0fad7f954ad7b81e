#include "base/release.hpp"

#include <gtest/gtest.h>

namespace cartrelay::base::testing {
namespace {

TEST(release, gives_the_memory_back) {
  std::string large(1'000'000, 'x');
  release(large);
  EXPECT_EQ(large, "");
  EXPECT_EQ(large.capacity(), std::string().capacity());
}

}  // namespace
}  // namespace cartrelay::base::testing
