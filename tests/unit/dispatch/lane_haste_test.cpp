#include "lane_bench.hpp"

#include <functional>

namespace cartrelay::dispatch {
namespace {

using destinations::verdict;

/// What ends the wait for a vendor before its time.
class lane_in_haste : public lane_bench {
 protected:
  void offer_many(queue::sequence first, queue::sequence last) {
    for (auto number = first; number <= last; ++number)
      offer(number, plan({std::to_string(number)}));
  }
  /// Five failures over different keys.
  void bring_down() {
    offer_many(1, 20);
    for (int i = 0; i < 5; ++i)
      fail(take());
  }
};

TEST_F(lane_in_haste, another_way_to_the_same_vendor_closes_the_breaker_and_nothing_else) {
  const auto changed_by = [this](const std::function<void(destinations::options&)>& change) {
    begin();
    bring_down();
    auto changed = given;
    change(changed);
    subject->change(changed, rules, now);
    return subject->state(now) == destination_state::active;
  };
  EXPECT_TRUE(changed_by([](auto& one) { one.ca_file = "other.pem"; }));
  EXPECT_TRUE(changed_by([](auto& one) { one.ca_digest = "renewed in place"; }));
  EXPECT_TRUE(changed_by([](auto& one) { one.proxy = "http://127.0.0.1:3128"; }));
  EXPECT_TRUE(changed_by([](auto& one) { one.connect_timeout = 9s; }));
  EXPECT_TRUE(changed_by([](auto& one) { one.request_timeout = 99s; }));
  EXPECT_FALSE(changed_by([](auto& one) { one.concurrency = 5; }));
  begin();
  offer_many(1, 1);
  fail_told(take(), 3600s);
  given.proxy = "http://127.0.0.1:3128";
  subject->change(given, rules, now);
  EXPECT_EQ(subject->reason(now), "hold: http_503") << "the vendor asked for it";
}

TEST_F(lane_in_haste, who_resumes_one_that_is_down_gets_its_probe_at_once) {
  begin();
  bring_down();
  EXPECT_TRUE(nothing_to_send());
  static_cast<void>(subject->pause(false, now));
  const auto probe = take();
  EXPECT_TRUE(probe.probe);
  EXPECT_TRUE(nothing_to_send()) << "one probe at a time";
  static_cast<void>(subject->pause(false, now));
  EXPECT_TRUE(nothing_to_send());
  fail(probe);
  EXPECT_TRUE(nothing_to_send()) << "once";
  static_cast<void>(subject->pause(true, now));
  static_cast<void>(subject->pause(false, now));
  EXPECT_TRUE(nothing_to_send()) << "it was paused, and that is over";
  static_cast<void>(subject->pause(false, now));
  fail_told(take(), 40s);
  static_cast<void>(subject->pause(false, now));
  EXPECT_TRUE(nothing_to_send()) << "the vendor asked for a pause";
}

TEST_F(lane_in_haste, who_resumes_a_suspended_one_gets_its_probe_at_once) {
  begin();
  offer_many(1, 3);
  const auto first = take();
  subject->finish(first, came(first, verdict::unauthorized, 401, "http_401"), now);
  pass(20s);
  EXPECT_TRUE(nothing_to_send());
  static_cast<void>(subject->pause(false, now));
  EXPECT_EQ(parse_control(*commit().control)->suspended->next_probe, at(20s).wall);
  deliver(take());
  EXPECT_EQ(subject->state(now), destination_state::active);
}

}  // namespace
}  // namespace cartrelay::dispatch
