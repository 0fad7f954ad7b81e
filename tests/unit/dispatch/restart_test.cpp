#include "tests/unit/dispatch/support.hpp"

namespace cartrelay::dispatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Stopping, and dying.
class shop_floor_at_its_end : public shop_floor {};

TEST_F(shop_floor_at_its_end, stopping_waits_for_what_is_in_flight) {
  start({destination("one")});
  vendor("one").holding = true;
  const auto number = post("a", "1");
  run_until([&] { return !vendor("one").seen.empty(); });
  bool over = false;
  boost::asio::co_spawn(io_, subject_->stop(10s), [&](std::exception_ptr) { over = true; });
  post("b", "2");
  poll();
  EXPECT_FALSE(over);
  vendor("one").release();
  run_until([&] { return over; });
  EXPECT_TRUE(ended(number, "one"));
  EXPECT_THAT(vendor("one").seen, SizeIs(1)) << "nothing new was begun";
  EXPECT_EQ(vendor("one").stopped, 1u);
}

TEST_F(shop_floor_at_its_end, stopping_never_waits_for_a_sick_vendor) {
  start({destination("one")});
  vendor("one").holding = true;
  const auto number = post("a", "1");
  run_until([&] { return !vendor("one").seen.empty(); });
  stop(20ms);
  EXPECT_FALSE(ended(number, "one"));
  vendor("one").release();
  start({destination("one")});
  run_until_ended(number, "one");
}

TEST_F(shop_floor_at_its_end, what_may_do_harm_twice_is_given_up_after_a_crash) {
  auto given = destination("one");
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  start({given});
  vendor("one").holding = true;
  const auto number = post("a", "1");
  run_until([&] { return !vendor("one").seen.empty(); });
  EXPECT_TRUE(receipt(number, "one").waiting->marked) << "before it was sent";
  die();
  vendor("one").release();
  start({given});
  run_until_ended(number, "one");
  const auto end = receipt(number, "one").ended.value();
  EXPECT_EQ(end.reason, "in_doubt");
  EXPECT_EQ(end.tries.count, 1u);
  EXPECT_TRUE(end.tries.last);
  EXPECT_EQ(end.tries.request, "POST https://one.test/papers");
  EXPECT_THAT(vendor("one").seen, IsEmpty());
}

TEST_F(shop_floor_at_its_end, what_may_do_harm_twice_is_not_repeated_by_a_connection) {
  auto careful = destination("careful");
  careful.on_in_doubt = destinations::on_in_doubt::dead_letter;
  start({careful, destination("one")});
  const auto number = post("a", "1");
  run_until_ended(number, "careful");
  run_until_ended(number, "one");
  EXPECT_THAT(vendor("careful").repeatable, ElementsAre(false)) << "although the kind would";
  EXPECT_THAT(vendor("one").repeatable, ElementsAre(true));
}

TEST_F(shop_floor_at_its_end, after_a_crash_only_what_was_not_durable_is_repeated) {
  start({destination("one")});
  const auto first = post("a", "1");
  run_until_ended(first, "one");
  vendor("one").holding = true;
  const auto second = post("b", "2");
  run_until([&] { return vendor("one").seen.size() == 2; });
  log_.hold();
  vendor("one").release();
  run_until([&] { return status("one").in_flight == 0; });
  die();
  start({destination("one")});
  run_until_ended(second, "one");
  ASSERT_THAT(vendor("one").seen, SizeIs(1));
  EXPECT_EQ(vendor("one").seen[0].body, R"({"ids":["b"]})");
  EXPECT_EQ(status("one").counts.delivered, 2u);
}

TEST_F(shop_floor_at_its_end, stopping_and_removing_at_once_wait_for_the_same_commit) {
  start({destination("a")});
  vendor("a").holding = true;
  post("e", "o");
  run_until([&] { return vendor("a").seen.size() == 1; });
  log_.hold();
  vendor("a").release();
  poll();
  apply({});
  poll();
  bool over = false;
  boost::asio::co_spawn(io_, subject_->stop(5s), [&](std::exception_ptr) { over = true; });
  poll();
  EXPECT_FALSE(over);
  log_.sync();
  run_until([&] { return over; });
  subject_.reset();
}

TEST_F(shop_floor_at_its_end, a_backlog_larger_than_memory_is_delivered_in_order) {
  auto given = destination("one");
  given.batch = {100, 1 << 20, 0ms};
  start({given});
  EXPECT_TRUE(*await(subject_->pause("one")));
  const auto last = post_many(10'000, 997);
  EXPECT_TRUE(*await(subject_->resume("one")));
  run_until_ended(last, "one");
  run_until([&] { return status("one").counts.backlog() == 0; });
  std::map<int, int> newest;
  std::size_t delivered = 0;
  for (const auto& request : vendor("one").seen)
    for (auto at = request.body.find("\"e"); at != std::string::npos; at = request.body.find("\"e", at + 1)) {
      const int number = std::stoi(request.body.substr(at + 2));
      EXPECT_GE(number, newest[number % 997]);
      newest[number % 997] = number;
      ++delivered;
    }
  EXPECT_EQ(delivered, 10'000u);
}

}  // namespace
}  // namespace cartrelay::dispatch
