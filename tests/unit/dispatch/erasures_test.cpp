#include "tests/unit/dispatch/support.hpp"

#include <boost/asio/detached.hpp>

namespace cartrelay::dispatch {
namespace {

using queue::customer_key;
using testing::ElementsAre;
using testing::IsEmpty;

/// Erasures that meet trouble in the queue.
class erasures_in_trouble : public shop_floor {
 protected:
  static customer_key customer(const std::string& id) { return {customer_key::kind::id, id}; }
  void begin(const std::string& id) {
    boost::asio::co_spawn(io_, subject_->erase(customer(id)),
                          [this, id](std::exception_ptr, const base::result<erasure_report>& report) {
                            EXPECT_TRUE(report) << report.error().message();
                            done_.push_back(id);
                          });
  }

  std::vector<std::string> done_;
};

TEST_F(erasures_in_trouble, one_that_cannot_read_what_it_has_to_says_so_and_holds_up_no_other) {
  start({destination("one")});
  log_.fail_erasable(1, queue::errc::corrupt);
  const auto broken = await(subject_->erase(customer("ann")));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, queue::errc::corrupt);
  EXPECT_TRUE(await(subject_->erase(customer("ivan"))));
}

TEST_F(erasures_in_trouble, one_that_has_to_be_tried_again_lets_the_others_go_first) {
  start({destination("one")});
  log_.fail_erasable(1, queue::errc::read_only);
  begin("ann");
  begin("ivan");
  run_until([this] { return done_.size() == 2; });
  EXPECT_THAT(done_, ElementsAre("ivan", "ann"));
}

/// Events of Ann's.
class erasures_under_way : public erasures_in_trouble {
 protected:
  /// A dead letter of `one`'s, which is told to be well from then on.
  queue::sequence dead_letter(const std::string& id) {
    vendor("one").answer = [](const http::request&) { return answered(404); };
    const auto number = post_of("ann", id, "order of " + id);
    run_until_ended(number, "one");
    vendor("one").answer = [](const http::request&) { return answered(200); };
    vendor("one").seen.clear();
    return number;
  }
  /// An event that `one` cannot take now, and that `two` takes a while for; `one` has gone then.
  queue::sequence pending_at_one_that_is_gone() {
    vendor("one").answer = [](const http::request&) { return answered(503); };
    vendor("two").holding = true;
    const auto number = post_of("ann", "a", "1");
    run_until([&] { return !vendor("one").seen.empty() && !vendor("two").seen.empty(); });
    apply({destination("two")});
    run_until([&] { return vendor("one").stopped == 1; });
    poll();
    vendor("one").answer = [](const http::request&) { return answered(200); };
    vendor("one").seen.clear();
    return number;
  }
  void expect_erased(queue::sequence number) {
    EXPECT_THAT(
        ask<std::vector<queue::record>>([&](auto then) { log_.fetch(0, {number}, 1, std::move(then)); }),
        IsEmpty());
  }
};

TEST_F(erasures_under_way, one_of_a_replayed_event_that_the_log_has_dropped_succeeds_at_once) {
  start({destination("one")});
  const auto number = dead_letter("a");
  const auto later = base::system_clock().now() + std::chrono::hours(24 * 10);
  EXPECT_EQ(ask<std::uint64_t>([&](auto then) { log_.trim(later, std::move(then)); }), 1u);
  vendor("one").answer = [](const http::request&) { return answered(503); };
  EXPECT_EQ(*await(subject_->replay({})), 1u);
  run_until([&] { return !vendor("one").seen.empty(); });
  const auto report = await(subject_->erase(customer("ann")));
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->erased.events, 1u);
  expect_erased(number);
  EXPECT_EQ(status("one").counts.discarded, 1u);
}

TEST_F(erasures_under_way, what_is_replayed_meanwhile_is_not_sent_and_holds_up_nobody) {
  start({destination("one"), destination("two")});
  const auto first = dead_letter("a");
  vendor("two").holding = true;
  const auto second = post_of("ann", "b", "1");
  run_until_ended(second, "one");
  run_until([&] { return vendor("two").seen.size() == 2; });
  begin("ann");
  poll();
  vendor("one").seen.clear();
  EXPECT_EQ(*await(subject_->replay({})), 1u);
  run_until([&] { return status("one").counts.backlog() == 0; });
  EXPECT_TRUE(done_.empty()) << "a request is under way";
  vendor("two").release();
  run_until([this] { return done_.size() == 1; });
  EXPECT_THAT(vendor("one").seen, IsEmpty());
  EXPECT_EQ(status("one").counts.discarded, 1u);
  expect_erased(first);
}

TEST_F(erasures_under_way, a_destination_that_comes_back_meanwhile_sends_none_of_it) {
  start({destination("one"), destination("two")});
  const auto number = pending_at_one_that_is_gone();
  begin("ann");
  poll();
  apply({destination("one"), destination("two")});
  run_until([&] { return status("one").counts.backlog() == 0; });
  vendor("two").release();
  run_until([this] { return done_.size() == 1; });
  EXPECT_THAT(vendor("one").seen, IsEmpty());
  expect_erased(number);
}

TEST_F(erasures_under_way, a_destination_that_is_about_to_begin_sends_none_of_it) {
  start({destination("one"), destination("two")});
  const auto number = pending_at_one_that_is_gone();
  log_.hold();
  std::vector<destinations::options> all = {destination("one"), destination("two"), destination("three")};
  boost::asio::co_spawn(io_, subject_->apply(std::move(all)), boost::asio::detached);
  poll();
  sync_and_hold();  // "one" has its number
  sync_and_hold();  // and its lease: now "three" is waited for
  begin("ann");
  poll();
  sync_and_hold();
  log_.sync();
  run_until([&] { return status("one").counts.backlog() == 0; });
  vendor("two").release();
  run_until([this] { return done_.size() == 1; });
  EXPECT_THAT(vendor("one").seen, IsEmpty());
  expect_erased(number);
}

}  // namespace
}  // namespace cartrelay::dispatch
