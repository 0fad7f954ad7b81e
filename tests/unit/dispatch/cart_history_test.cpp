#include "dispatch/cart_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

event_plan cart(std::uint64_t id, std::uint64_t which = 1) {
  event_plan out;
  out.cart_id = id;
  out.cart = 100 * id + which;
  out.replaceable = true;
  return out;
}

TEST(cart_history, knows_the_events_since_the_last_boundary) {
  cart_history subject(0);
  subject.add(cart(7), 1);
  subject.add(cart(7), 2);
  subject.add(cart(8), 3);
  subject.add(cart(7), 4);
  EXPECT_THAT(subject.older_than(cart(7), 4), ElementsAre(1, 2));
  EXPECT_THAT(subject.newer_than(cart(7), 1), ElementsAre(2, 4));
  subject.remove(cart(7), 2);
  EXPECT_THAT(subject.older_than(cart(7), 4), ElementsAre(1));
  EXPECT_THAT(subject.boundary(7, 5), ElementsAre(1, 4));
  EXPECT_THAT(subject.older_than(cart(7), 9), IsEmpty());
  EXPECT_THAT(subject.newer_than(cart(7), 1), IsEmpty());
  EXPECT_THAT(subject.boundary(7, 6), IsEmpty());
  EXPECT_THAT(subject.older_than(cart(8), 9), ElementsAre(3));
}

TEST(cart_history, tells_carts_of_one_id_apart) {
  cart_history subject(0);
  subject.add(cart(7, 1), 1);
  subject.add(cart(7, 2), 2);
  subject.add(cart(7, 1), 3);
  EXPECT_THAT(subject.older_than(cart(7, 1), 9), ElementsAre(1, 3));
  EXPECT_THAT(subject.newer_than(cart(7, 2), 2), IsEmpty());
  EXPECT_THAT(subject.boundary(7, 4), ElementsAre(1, 2, 3));
  EXPECT_THAT(subject.older_than(cart(7, 2), 9), IsEmpty());
}

TEST(cart_history, takes_back_what_is_older_than_the_rest) {
  cart_history subject(0);
  subject.add(cart(7), 5);
  subject.add(cart(7), 2);
  subject.add(cart(7), 3);
  EXPECT_THAT(subject.newer_than(cart(7), 2), ElementsAre(3, 5));
  EXPECT_THAT(subject.newer_than(cart(7), 4), ElementsAre(5));
  subject.remove(cart(7), 3);
  EXPECT_THAT(subject.older_than(cart(7), 5), ElementsAre(2));
}

TEST(cart_history, remembers_boundaries_for_a_while) {
  cart_history subject(10, 2);
  EXPECT_EQ(subject.is_cut_off(7, 10), false) << "all that is newer was told";
  EXPECT_EQ(subject.is_cut_off(7, 9), std::nullopt) << "who knows what 10 was";
  static_cast<void>(subject.boundary(7, 12));
  EXPECT_EQ(subject.is_cut_off(7, 9), true);
  EXPECT_EQ(subject.is_cut_off(7, 12), false);
  for (queue::sequence number = 20; number < 24; ++number)
    static_cast<void>(subject.boundary(number, number));
  EXPECT_EQ(subject.is_cut_off(21, 20), true);
  EXPECT_EQ(subject.is_cut_off(7, 11), std::nullopt) << "forgotten";
  EXPECT_EQ(subject.is_cut_off(7, 20), false);
}

}  // namespace
}  // namespace cartrelay::dispatch
