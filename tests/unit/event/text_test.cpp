#include "event/text.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace cartrelay::event {
namespace {

static_assert(sizeof(text) == sizeof(std::string_view));
static_assert(std::is_trivially_copyable_v<text>);
static_assert(!std::is_constructible_v<text, std::string>, "nobody would keep it");

TEST(text, absent_and_empty_differ) {
  EXPECT_FALSE(text());
  EXPECT_FALSE(text(std::nullopt));
  EXPECT_TRUE(text(""));
  EXPECT_TRUE(text(std::string_view()));
  EXPECT_EQ(text(), std::nullopt);
  EXPECT_NE(text(), text(""));
  EXPECT_EQ(text(""), text(std::string_view()));
}

TEST(text, is_a_view) {
  const std::string kept = "some words that are too many for a small string";
  text some = kept;
  EXPECT_EQ(some->data(), kept.data());
  EXPECT_EQ(*some, kept);
  EXPECT_EQ(some, kept);
  EXPECT_NE(some, "some");
  some.reset();
  EXPECT_FALSE(some);
}

}  // namespace
}  // namespace cartrelay::event
