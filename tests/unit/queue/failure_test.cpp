#include "queue/rocksdb/disk_engine.hpp"
#include "queue/rocksdb/progress_reads.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/failing_disk.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace cartrelay::queue::testing {
namespace {

class failure : public ::testing::Test {
 protected:
  client open() {
    return client([this] {
      return rocks::open(settings_in(folder_.path()), base::system_clock(), {env_.get(), {}});
    });
  }

  temporary_folder folder_;
  std::shared_ptr<failing_disk> disk_ = std::make_shared<failing_disk>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
};

TEST_F(failure, after_a_failed_sync_nothing_is_acknowledged) {
  auto queue = open();
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  queue.put("1", {a});
  int told = 0;
  queue.raw().on_failure(queue.mailbox(), [&](const base::error&) { ++told; });
  disk_->fails = true;
  EXPECT_EQ(queue.append({plain_event("2", {a})}).error().code, errc::unknown);
  disk_->fails = false;
  EXPECT_EQ(queue.append({plain_event("3", {a})}).error().code, errc::read_only) << "never believed again";
  EXPECT_EQ(queue.commit(held, up_to(1, {ended(1)})).error().code, errc::read_only);
  EXPECT_FALSE(queue.raw().stats().writable);
  EXPECT_EQ(queue.raw().stats().reason, "read_only");
  EXPECT_EQ(numbers(queue.read(0)->records), (std::vector<sequence>{1})) << "reads go on, of what is durable";
  queue.run_until([&] { return told > 0; });
  EXPECT_EQ(told, 1);
  int late = 0;
  queue.raw().on_failure(queue.mailbox(), [&](const base::error&) { ++late; });
  queue.run_until([&] { return late == 1; });

  queue.reopen();
  EXPECT_GE(queue.read(0)->records.size(), 1u);
  const auto again = queue.append({plain_event("2", {a})}).value().front();
  EXPECT_TRUE(again.status == append_status::appended || again.status == append_status::duplicate)
      << "unknown: the same call may be repeated";
  EXPECT_EQ(queue.stats_of(a).counts.routed, 2u) << "and is stored once";
}

TEST_F(failure, a_failed_commit_is_unknown_and_repeats_harmlessly) {
  auto queue = open();
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  queue.put("1", {a});
  disk_->fails = true;
  EXPECT_EQ(queue.commit(held, up_to(1, {ended(1)})).error().code, errc::unknown);
  disk_->fails = false;
  queue.reopen();
  ASSERT_TRUE(queue.commit(queue.acquire(a).held, up_to(1, {ended(1)})));
  EXPECT_EQ(queue.stats_of(a).counts.delivered, 1u);
  EXPECT_EQ(queue.stats_of(a).counts.backlog(), 0u);
}

TEST_F(failure, limits_that_come_while_it_waits_for_room_count) {
  auto settings = settings_in(folder_.path());
  settings.min_free_disk = 1000;
  std::atomic<std::uint64_t> left{5000};
  const auto measure = [&] { return std::optional(left.load()); };
  client queue([&] { return rocks::open(settings, base::system_clock(), {env_.get(), measure}); });
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  queue.put("1", {a});
  std::filesystem::remove(folder_.path() / "ballast");
  disk_->no_room = true;
  left = 10;
  EXPECT_FALSE(queue.commit(held, up_to(1, {ended(1)})));
  disk_->no_room = false;
  left = 600;
  settings.min_free_disk = 100;
  queue.raw().configure(settings);
  queue.run_until([&] { return queue.raw().stats().writable; });
  queue.put("2", {a});
}

TEST_F(failure, a_full_disk_is_opened_with_the_room_of_the_ballast) {
  auto settings = settings_in(folder_.path());
  settings.min_free_disk = 64 << 10;
  client queue([&] { return rocks::open(settings, base::system_clock(), {env_.get(), {}}); });
  queue.put("1", {});
  const auto file = folder_.path() / "ballast";
  ASSERT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(std::filesystem::file_size(file), 32u << 10);
  disk_->full_while = file;
  queue.reopen();
  EXPECT_EQ(queue.read(0)->records.size(), 1u);
  disk_->full_while.clear();
  queue.reopen();
  EXPECT_TRUE(std::filesystem::exists(file)) << "laid again once there is room";
}

TEST_F(failure, a_want_of_room_passes_and_the_queue_goes_on) {
  auto settings = settings_in(folder_.path());
  settings.min_free_disk = 1000;
  std::atomic<std::uint64_t> left{5000};
  client queue([&] {
    return rocks::open(settings, base::system_clock(),
                       {env_.get(), [&] { return std::optional(left.load()); }});
  });
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  queue.put("1", {a});
  int failed = 0;
  queue.raw().on_failure(queue.mailbox(), [&](const base::error&) { ++failed; });
  disk_->no_room = true;
  left = 10;
  EXPECT_EQ(queue.commit(held, up_to(1, {ended(1)})).error().code, errc::unknown);
  const auto refused = queue.append({plain_event("2", {a})});
  ASSERT_FALSE(refused);
  EXPECT_THAT(queue.raw().stats().reason, ::testing::AnyOf("read_only", "disk_low"));
  EXPECT_EQ(queue.read(0)->records.size(), 1u) << "reads go on";

  disk_->no_room = false;
  left = 5000;
  queue.run_until([&] { return queue.raw().stats().writable; });
  EXPECT_TRUE(queue.commit(held, up_to(1, {ended(1)}))) << "the lease is what it was";
  EXPECT_EQ(queue.put("3", {a}), 2u);
  EXPECT_EQ(queue.stats_of(a).counts.delivered, 1u);
  EXPECT_EQ(queue.stats_of(a).counts.backlog(), 1u);
  EXPECT_EQ(failed, 0);
  queue.reopen();
  EXPECT_EQ(queue.read(0)->records.size(), 2u);
}

TEST_F(failure, a_store_that_finds_no_room_to_be_opened_anew_waits_for_more) {
  const auto full = folder_.path() / "full";
  std::atomic<std::uint64_t> left{5000};
  std::atomic<int> looks{0};
  const auto measure = [&] {
    ++looks;
    return std::optional(left.load());
  };
  client queue([&] {
    return rocks::open(settings_in(folder_.path()), base::system_clock(), {env_.get(), measure});
  });
  queue.put("1", {});
  int failed = 0;
  queue.raw().on_failure(queue.mailbox(), [&](const base::error&) { ++failed; });
  disk_->full_while = full;
  std::ofstream(full).close();
  disk_->no_room = true;
  EXPECT_EQ(queue.append({plain_event("2", {})}).error().code, errc::unknown);
  disk_->no_room = false;
  queue.run_until([&] { return !queue.read(0); });  // it is closed
  looks = 0;
  queue.run_until([&] { return looks > 3; });
  EXPECT_EQ(queue.append({plain_event("3", {})}).error().code, errc::read_only);
  EXPECT_EQ(failed, 0);

  std::filesystem::remove(full);
  left = 5001;
  queue.run_until([&] { return queue.raw().stats().writable; });
  EXPECT_EQ(queue.put("4", {}), 2u);
  EXPECT_EQ(queue.read(0)->records.size(), 2u);
}

TEST_F(failure, a_store_that_waits_for_room_to_be_opened_anew_can_be_closed) {
  auto queue = open();
  queue.put("1", {});
  const auto full = folder_.path() / "full";
  disk_->full_while = full;
  std::ofstream(full).close();
  disk_->no_room = true;
  EXPECT_FALSE(queue.append({plain_event("2", {})}));
  queue.run_until([&] { return !queue.read(0); });
  std::filesystem::remove(full);
  disk_->no_room = false;
  queue.reopen();
  EXPECT_EQ(queue.read(0)->records.size(), 1u);
}

TEST_F(failure, what_wanted_room_before_the_engine_stood_passes_too) {
  auto settings = settings_in(folder_.path());
  settings.min_free_disk = 1000;
  client queue([&]() -> base::result<std::unique_ptr<engine>> {
    auto opened = rocks::open_store(settings, start(), env_.get()).value();
    auto books = rocks::open_books(settings, start(), opened).value();
    auto mark = rocks::settle_opening(settings, opened, *books).value();
    auto full = rocksdb::Status::NoSpace("injected");
    opened.data->faults().OnBackgroundError(rocksdb::BackgroundErrorReason::kFlush, &full);
    return std::make_unique<rocks::disk_engine>(
        settings, base::system_clock(),
        rocks::surroundings{env_.get(), [] { return std::optional(5000ull); }}, std::move(opened),
        std::move(books), std::move(mark));
  });
  queue.run_until([&] { return queue.raw().stats().writable; });
  EXPECT_EQ(queue.put("1", {}), 1u);
}

TEST_F(failure, what_comes_while_too_much_waits_to_be_written_is_refused_as_busy) {
  std::atomic<bool> held{false};
  std::atomic<int> waiting{0};
  const auto measure = [&]() -> std::optional<std::uint64_t> {
    if (held) ++waiting;
    held.wait(true);
    return std::nullopt;
  };
  client queue([&] {
    return rocks::open(settings_in(folder_.path()), base::system_clock(), {nullptr, measure});
  });
  std::size_t asked = 0, stored = 0, busy = 0;
  const auto append = [&](std::size_t size) {
    queue.raw().append({plain_event(std::to_string(++asked), {}, std::string(size, 'x'))},
                       reply<std::vector<append_outcome>>(queue.mailbox(), [&](const auto& got) {
                         ++(got ? stored : busy);
                         EXPECT_TRUE(got || got.error().code == errc::busy) << got.error().message();
                       }));
  };
  held = true;
  while (waiting == 0) {  // it looks at most every 100 ms
    append(1);
    queue.run_until([&] { return stored == asked || waiting > 0; });
  }
  for (int mebibytes = 0; mebibytes <= 64; ++mebibytes)
    append(1 << 20);
  EXPECT_TRUE(queue.raw().stats().writable);
  held = false;
  held.notify_all();
  queue.run_until([&] { return stored + busy == asked; });
  EXPECT_GT(busy, 0u);
  EXPECT_GT(stored, 60u);
}

TEST_F(failure, nothing_is_acquired_from_a_store_that_could_not_be_reopened) {
  open().close();
  with_raw_store(folder_.path(), [&](rocks::store& data) {
    std::filesystem::remove(folder_.path() / "db" / "CURRENT");
    ASSERT_FALSE(data.reopen().ok());
    const rocks::figures told;
    const rocks::hash_keys hashes{};
    EXPECT_EQ(rocks::load_unit({data, told, hashes, {}}, {}, 0).error().code, errc::read_only);
  });
}

/// A full segment and more, of one customer.
class failure_with_events : public failure {
 protected:
  static constexpr std::size_t events = 10000, at_once = 250;

  static void fill(client& queue) {
    for (std::size_t i = 0; i < events; i += at_once) {
      std::vector<new_event> some;
      for (std::size_t k = i; k < i + at_once; ++k)
        some.push_back(order_event(std::to_string(k), "o" + std::to_string(k), "ann@example.com", {}));
      ASSERT_TRUE(queue.append(std::move(some)));
    }
  }
  static receipt_query of_ann() {
    receipt_query asked;
    asked.terms = {{index_kind::customer, "ann@example.com"}};
    asked.limit = events;
    return asked;
  }
};

TEST_F(failure_with_events, an_erasure_passes_over_nothing_that_the_disk_does_not_give) {
  auto queue = open();
  fill(queue);
  queue.reopen();  // into tables
  const auto which = queue.begin_erasure({customer_key::kind::email, "ann@example.com"});
  const auto look = [&] {
    return queue.ask<std::vector<record>>([&](auto then) { queue.raw().erasable(which, std::move(then)); });
  };
  disk_->unreadable = true;
  const auto refused = look();
  disk_->unreadable = false;
  EXPECT_FALSE(refused);
  EXPECT_FALSE(look()->empty());
}

TEST_F(failure_with_events, searches_under_way_go_on_in_the_store_that_was_opened_anew) {
  auto queue = open();
  fill(queue);
  auto asked = of_ann();
  asked.state = "delivered";  // none is, so that all are looked at
  // They take longer than it takes to open it.
  constexpr std::size_t searches = sanitized ? 5 : 20;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < searches; ++i)
    queue.raw().search(asked, reply<receipt_page>(queue.mailbox(), [&](const auto& page) {
                         EXPECT_TRUE(page && page->receipts.empty());
                         ++answered;
                       }));
  disk_->no_room = true;
  EXPECT_EQ(queue.append({plain_event("more", {})}).error().code, errc::unknown);
  disk_->no_room = false;
  queue.run_until([&] { return queue.raw().stats().writable; });
  queue.run_until([&] { return answered == searches; });
}

TEST_F(failure_with_events, what_waits_for_a_store_that_could_not_be_reopened_is_answered) {
  auto queue = open();
  fill(queue);
  queue.reopen();
  auto asked = of_ann();
  asked.state = "delivered";  // none is, so that all are looked at
  constexpr std::size_t searches = 50;
  std::size_t answered = 0, refused = 0;
  bool trimmed = false;
  for (std::size_t i = 0; i < searches; ++i)
    queue.raw().search(asked, reply<receipt_page>(queue.mailbox(), [&](const auto& page) {
                         ++answered;
                         if (!page && page.error().code == errc::read_only) ++refused;
                       }));
  queue.raw().trim(start(), reply<std::uint64_t>(queue.mailbox(), [&](const auto&) { trimmed = true; }));
  std::filesystem::remove(folder_.path() / "db" / "CURRENT");
  disk_->no_room = true;
  EXPECT_EQ(queue.append({plain_event("more", {})}).error().code, errc::unknown);
  disk_->no_room = false;
  queue.run_until([&] { return answered == searches && trimmed; });
  EXPECT_GT(refused, 0u);
}

TEST_F(failure_with_events, a_trim_that_had_no_room_leaves_the_index_as_it_is) {
  auto queue = open();
  fill(queue);
  const auto much_later = start() + std::chrono::hours(24 * 365);
  disk_->no_room = true;
  const auto trimmed =
      queue.ask<std::uint64_t>([&](auto then) { queue.raw().trim(much_later, std::move(then)); });
  ASSERT_FALSE(trimmed);
  disk_->no_room = false;
  queue.run_until([&] { return queue.raw().stats().writable; });
  EXPECT_EQ(queue.raw().stats().events, events);
  const auto other = queue.begin_erasure({customer_key::kind::id, "any"});
  EXPECT_TRUE(queue.finish_erasure(other).clean) << "it compacts everything";
  EXPECT_EQ(queue.search(of_ann()).receipts.size(), events);
}

}  // namespace
}  // namespace cartrelay::queue::testing
