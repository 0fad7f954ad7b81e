#include "queue/expiry.hpp"

#include <gmock/gmock.h>

namespace cartrelay::queue::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(expiry, is_told_in_a_line_for_each_destination) {
  const auto told = [](const std::vector<dead_letter_key>& keys) {
    return words_of_expired(keys, std::chrono::hours(24 * 30),
                            [](destination_id id) { return id == 1 ? "rokt" : "releva"; });
  };
  EXPECT_THAT(told({}), IsEmpty());
  EXPECT_THAT(
      told({{1, 7}, {1, 9}, {2, 3}}),
      ElementsAre("destination rokt: 2 dead letters discarded, older than dead_letter_retention (30d); the "
                  "first was event 7",
                  "destination releva: 1 dead letter discarded, older than dead_letter_retention (30d); the "
                  "first was event 3"));
}

}  // namespace
}  // namespace cartrelay::queue::testing
