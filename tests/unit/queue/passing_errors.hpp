#pragma once

#include "queue/rocksdb/engine.hpp"
#include "queue/rocksdb/keys.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/failing_disk.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <numeric>

namespace cartrelay::queue::testing {

/// The disk does not give what stands on it, and gives it the next time: nothing is lost by that.
class passing_errors : public ::testing::Test {
 protected:
  static constexpr sequence all = 9;

  base::result<std::unique_ptr<engine>> try_open() {
    return rocks::open(settings_in(folder_->path()), base::system_clock(), {env_.get(), {}});
  }
  client open() {
    return client([this] { return try_open(); });
  }
  /// Events 1 to 9 for `a`, in tables: 1 is delivered, 2 waits.
  void fill() {
    folder_.emplace();
    auto queue = open();
    const auto a = queue.add("a");
    for (sequence i = 1; i <= all; ++i)
      queue.put(std::to_string(i), {a});
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, up_to(2, {ended(1)}, {waiting(2)})));
    queue.reopen();
  }
  /// What `events` does to a queue with one destination, then that family in many small tables.
  void fill_tables(rocks::family which, const std::function<void(client&)>& events) {
    folder_.emplace();
    {
      auto queue = open();
      queue.add("a");
      events(queue);
    }
    lay_out_in_tables(folder_->path(), which, 50000);
    ASSERT_GT(tables_of(folder_->path(), std::string(rocks::family_names.at(static_cast<std::size_t>(which))))
                  .size(),
              10u);
  }
  /// Of many tables, most are closed at any time.
  base::result<std::unique_ptr<engine>> open_few_files() {
    auto settings = settings_in(folder_->path());
    settings.max_open_files = 20;
    return rocks::open(settings, base::system_clock(), {env_.get(), {}});
  }
  void tear(sequence number) {
    with_raw_store(folder_->path(), [number](rocks::store& data) {
      ASSERT_TRUE(flip_bit(data, rocks::family::log, rocks::log_key(0, number), 20));
    });
  }
  /// What `ask` answers while so many reads fail, after the first `good` ones.
  template <class Ask>
  auto failing_after(int good, Ask ask, int bad = 1 << 30) {
    disk_->good_reads = good;
    disk_->bad_reads = bad;
    disk_->unreadable = true;
    auto answer = ask();
    disk_->unreadable = false;
    return answer;
  }
  static std::vector<sequence> from_to(sequence first, sequence last) {
    std::vector<sequence> out(last + 1 - first);
    std::iota(out.begin(), out.end(), first);
    return out;
  }

  std::optional<temporary_folder> folder_;
  std::shared_ptr<failing_disk> disk_ = std::make_shared<failing_disk>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
};

}  // namespace cartrelay::queue::testing
