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
  cart_history subject;
  subject.add(cart(7), 1);
  subject.add(cart(7), 2);
  subject.add(cart(8), 3);
  subject.add(cart(7), 4);
  EXPECT_THAT(subject.older_than(cart(7), 4), ElementsAre(1, 2));
  EXPECT_THAT(subject.newer_than(cart(7), 1), ElementsAre(2, 4));
  subject.remove(cart(7), 2);
  EXPECT_THAT(subject.older_than(cart(7), 4), ElementsAre(1));
  subject.boundary(7);
  EXPECT_THAT(subject.older_than(cart(7), 9), IsEmpty());
  EXPECT_THAT(subject.newer_than(cart(7), 1), IsEmpty());
  subject.add(cart(7), 10);
  EXPECT_THAT(subject.newer_than(cart(7), 4), IsEmpty()) << "10 stands behind the boundary, 4 before it";
  EXPECT_THAT(subject.older_than(cart(8), 9), ElementsAre(3));
}

TEST(cart_history, tells_carts_of_one_id_apart) {
  cart_history subject;
  subject.add(cart(7, 1), 1);
  subject.add(cart(7, 2), 2);
  subject.add(cart(7, 1), 3);
  EXPECT_THAT(subject.older_than(cart(7, 1), 9), ElementsAre(1, 3));
  EXPECT_THAT(subject.newer_than(cart(7, 2), 2), IsEmpty());
  subject.boundary(7);
  EXPECT_THAT(subject.older_than(cart(7, 2), 9), IsEmpty());
}

}  // namespace
}  // namespace cartrelay::dispatch
