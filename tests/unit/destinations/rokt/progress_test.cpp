#include "destinations/rokt/progress.hpp"

#include <gtest/gtest.h>

namespace cartrelay::destinations::rokt {
namespace {

TEST(progress, survives_as_a_memo) {
  const progress samples[] = {
      {},
      {{0, 2, 999}, {}},
      {{1}, {{"ci", "res", "conf", "https://park.example/?a=b&c=\"d\""}, {"коля", "рез", std::nullopt, "u"}}},
  };
  for (const auto& sample : samples)
    EXPECT_EQ(decode(encode(sample)), sample) << encode(sample);
}

// Memos are stored, so their form stays readable from release to release.
TEST(progress, has_a_fixed_form) {
  EXPECT_EQ(
      encode({{0, 2}, {{"ci", "res", "conf", std::nullopt}}}),
      R"({"open":[0,2],"items":[{"cartItemId":"ci","itemReservationId":"res","itemConfirmationId":"conf"}]})");
}

TEST(progress, refuses_what_it_did_not_write) {
  for (const auto* memo :
       {"", "null", "{", "[]", "{}", R"({"open":[]})", R"({"open":0,"items":[]})",
        R"({"open":["0"],"items":[]})", R"({"open":[-1],"items":[]})", R"({"open":[1.5],"items":[]})",
        R"({"open":[],"items":[1]})", R"({"open":[],"items":[{"cartItemId":"ci"}]})"})
    EXPECT_EQ(decode(memo), std::nullopt) << memo;
}

TEST(results, are_nothing_where_nothing_was_confirmed) {
  EXPECT_EQ(results({}), "");
  EXPECT_EQ(results({{"ci", "res", std::nullopt, "https://u"}}),
            R"({"items":[{"cartItemId":"ci","itemReservationId":"res","itemConfirmationUrl":"https://u"}]})");
}

}  // namespace
}  // namespace cartrelay::destinations::rokt
