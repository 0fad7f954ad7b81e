#include "queue/open.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <gmock/gmock.h>

#include <set>

namespace cartrelay::queue::testing {
namespace {

/// A table of each family, damaged or deleted: nothing of it may be lost without a word.
class unreadable : public ::testing::TestWithParam<std::string> {
 protected:
  static constexpr sequence delivered = 20, waiting_ones = 10, dead = 5, pending = 15;
  static constexpr sequence all = delivered + waiting_ones + dead + pending;

  base::result<std::unique_ptr<engine>> open(bool accept = false) {
    auto settings = settings_in(folder_.path());
    settings.accept_data_loss = accept;
    return queue::open(settings, base::system_clock());
  }
  void fill() {
    client queue([this] { return open(); });
    const auto a = queue.add("a");
    const auto held = queue.acquire(a).held;
    for (sequence i = 1; i <= all; ++i)
      queue.put(std::to_string(i), {a});
    auto step = up_to(all - pending);
    for (sequence i = 1; i <= delivered; ++i)
      step.ends.push_back(ended(i));
    for (sequence i = delivered + 1; i <= delivered + dead; ++i)
      step.ends.push_back(ended(i, end_state::dead_letter));
    for (sequence i = delivered + dead + 1; i <= all - pending; ++i)
      step.exceptions.push_back(waiting(i));
    step.state = {{"key", "value", start() + std::chrono::hours(1000)}};
    step.control = "paused";
    ASSERT_TRUE(queue.commit(held, step));
  }
  /// Each event is there, or counted as corrupt; what was unfinished still is, or its end is shown.
  void expect_accounted(client& queue) {
    std::set<sequence> there;
    for (sequence after = 0; after < all;) {
      const auto batch = queue.read(after).value();
      for (const auto& each : batch.records)
        there.insert(each.number);
      after = batch.position;
    }
    queue.run_until(
        [&] { return queue.read(all).has_value() && queue.raw().stats().corrupt + there.size() >= all; });
    const auto stats = queue.raw().stats();
    EXPECT_EQ(stats.lost_accepted, 0u) << "everything stands in two places at least";
    const auto at = queue.stats_of(queue.add("a"));
    EXPECT_GE(at.counts.backlog() + at.counts.dead_letters + at.counts.discarded,
              waiting_ones + dead + pending);
    const auto unit = queue.acquire(at.id);
    EXPECT_THAT(unit.control, ::testing::AnyOf("paused", unreadable_control));
    for (sequence i = delivered + dead + 1; i <= all - pending; ++i) {
      const auto known = [&](const exception& row) { return row.number == i; };
      const bool waits = std::any_of(unit.exceptions.begin(), unit.exceptions.end(), known);
      EXPECT_TRUE(waits || i > unit.cursor || !there.contains(i)) << "event " << i << " waited";
    }
    EXPECT_EQ(queue.put("new", {at.id}), all + 1);
  }
  void expect_sound_afterwards() {
    {
      auto strict = open();
      ASSERT_TRUE(strict) << "once accepted, it opens: " << strict.error().message();
      (*strict)->close();
    }
    expect_balanced(folder_.path());
  }

  temporary_folder folder_;
};

TEST_P(unreadable, a_flipped_bit_loses_no_event_in_silence) {
  fill();
  flip_byte(table_of(folder_.path(), GetParam()), 20);
  if (auto strict = open())
    (*strict)->close();
  else
    EXPECT_EQ(strict.error().code, errc::damaged) << strict.error().message();
  {
    client queue([this] { return open(true); });
    expect_accounted(queue);
  }
  expect_sound_afterwards();
}

TEST_P(unreadable, a_deleted_table_loses_no_event_in_silence) {
  fill();
  std::filesystem::remove(table_of(folder_.path(), GetParam()));
  const auto strict = open();
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().code, errc::damaged) << strict.error().message();
  {
    client queue([this] { return open(true); });
    expect_accounted(queue);
    EXPECT_TRUE(queue.raw().stats().loss_accepted_at);
  }
  expect_sound_afterwards();
}

INSTANTIATE_TEST_SUITE_P(families, unreadable,
                         ::testing::Values("default", "log", "routes", "dedup", "ends", "exceptions",
                                           "dead_letters", "copies", "state"),
                         [](const auto& family) {
                           return family.param == "default" ? "meta" : family.param;
                         });

}  // namespace
}  // namespace cartrelay::queue::testing
