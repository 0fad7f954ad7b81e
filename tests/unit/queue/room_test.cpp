#include "queue/rocksdb/room.hpp"

#include "queue/rocksdb/engine.hpp"
#include "tests/contract/queue/support.hpp"

#include <atomic>

namespace cartrelay::queue::testing {
namespace {

TEST(room, the_floor_is_left_ten_percent_above_it) {
  rocks::room space(1000, 1000000);
  space.update(1000, 0);
  EXPECT_FALSE(space.refusal());
  space.update(999, 0);
  EXPECT_EQ(space.refusal(), errc::disk_low);
  space.update(1099, 0);
  EXPECT_EQ(space.refusal(), errc::disk_low);
  space.update(std::nullopt, 0);
  EXPECT_EQ(space.refusal(), errc::disk_low) << "not measured: as before";
  space.update(1100, 0);
  EXPECT_FALSE(space.refusal());
}

TEST(room, the_size_is_left_five_percent_below_the_maximum) {
  rocks::room space(0, 1000);
  space.update(1, 899);
  EXPECT_FALSE(space.near_full());
  space.update(1, 900);
  EXPECT_TRUE(space.near_full());
  EXPECT_FALSE(space.refusal());
  space.update(1, 1000);
  EXPECT_EQ(space.refusal(), errc::full);
  space.update(1, 950);
  EXPECT_EQ(space.refusal(), errc::full);
  space.update(1, 949);
  EXPECT_FALSE(space.refusal());
}

TEST(room, a_low_disk_stops_appends_and_nothing_else) {
  const temporary_folder folder;
  auto settings = settings_in(folder.path());
  settings.min_free_disk = 1000;
  std::atomic<std::uint64_t> left{5000};
  client queue([&] {
    return rocks::open(settings, base::system_clock(), {nullptr, [&] { return std::optional(left.load()); }});
  });
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  queue.put("1", {a});
  left = 10;
  // Measured at most every 100 ms: the last append that still passes is not this test's business.
  const auto refused = [&] {
    static int id = 100;
    return !queue.append({plain_event(std::to_string(++id), {})});
  };
  while (!refused()) {
  }
  EXPECT_EQ(queue.append({plain_event("2", {})}).error().code, errc::disk_low);
  EXPECT_EQ(queue.raw().stats().reason, "disk_low");
  EXPECT_EQ(queue.raw().refusal(), errc::disk_low);
  EXPECT_TRUE(queue.commit(held, up_to(1, {ended(1)})));
  EXPECT_EQ(queue.read(0)->records.front().number, 1u);
  left = 5000;
  while (!queue.append({plain_event("3", {})})) {
  }
  EXPECT_TRUE(queue.raw().stats().writable);
}

TEST(room, a_full_queue_recovers_when_finished_events_leave) {
  const temporary_folder folder;
  auto settings = settings_in(folder.path());
  settings.max_size = 24 << 20;
  client queue([&] { return rocks::open(settings, base::system_clock()); });
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  sequence newest = 0;
  for (std::uint64_t i = 1;; ++i) {
    const auto stored = queue.append({plain_event(std::to_string(i), {a}, noise(i, 100'000))});
    if (!stored) {
      EXPECT_EQ(stored.error().code, errc::full);
      break;
    }
    newest = stored->front().number;
    ASSERT_LT(newest, 1000u) << "the maximum is kept";
  }
  EXPECT_GT(newest, 100u);
  EXPECT_EQ(queue.raw().stats().reason, "queue_full");
  EXPECT_EQ(queue.trim(start()), 0u) << "what is not delivered stays";

  ASSERT_TRUE(queue.commit(held, delivered_up_to(newest)));
  std::uint64_t left = 0;
  const auto room_again = [&] {
    left += queue.trim(start());
    return queue.append({plain_event("again", {a})}).has_value();
  };
  int tries = 0;
  while (!room_again() && ++tries < 10'000) {
  }
  EXPECT_TRUE(queue.raw().stats().writable) << "it recovers by itself";
  EXPECT_GT(left, 0u) << "before their retention";
  EXPECT_LT(left, newest / 2) << "and no more of them than are in the way";
}

TEST(room, that_is_scarce_keeps_nothing_beyond_its_retention) {
  const temporary_folder folder;
  auto settings = settings_in(folder.path());
  settings.max_size = 24 << 20;
  client queue([&] { return rocks::open(settings, base::system_clock()); });
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  sequence newest = 0;
  while (const auto stored = queue.append({plain_event(std::to_string(newest), {a}, noise(newest, 100'000))}))
    newest = stored->front().number;
  ASSERT_TRUE(queue.commit(held, delivered_up_to(newest)));
  const auto late = base::system_clock().now() + settings.retention + settings.retention / 5;
  EXPECT_EQ(queue.trim(late), newest);
}

}  // namespace
}  // namespace cartrelay::queue::testing
