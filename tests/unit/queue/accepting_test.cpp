#include "queue/rocksdb/engine.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace cartrelay::queue::testing {
namespace {

namespace fs = std::filesystem;

/// Counts what is done to a disk, and kills the process instead of the n-th.
class deadline {
 public:
  explicit deadline(int at) : left_(at) {}
  void count() {
    if (--left_ == 0) ::raise(SIGKILL);
  }

 private:
  std::atomic<int> left_;
};

class mortal_file final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  mortal_file(std::unique_ptr<rocksdb::FSWritableFile> target, deadline& until)
      : FSWritableFileOwnerWrapper(std::move(target)), until_(until) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    until_.count();
    return FSWritableFileOwnerWrapper::Sync(options, context);
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    until_.count();
    return FSWritableFileOwnerWrapper::Fsync(options, context);
  }

 private:
  deadline& until_;
};

class mortal_disk final : public rocksdb::FileSystemWrapper {
 public:
  explicit mortal_disk(int kill_at) : FileSystemWrapper(rocksdb::FileSystem::Default()), until_(kill_at) {}

  const char* Name() const override { return "mortal_disk"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* context) override {
    until_.count();
    auto status = FileSystemWrapper::NewWritableFile(name, options, out, context);
    if (status.ok()) *out = std::make_unique<mortal_file>(std::move(*out), until_);
    return status;
  }
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    until_.count();
    return FileSystemWrapper::RenameFile(from, to, options, context);
  }
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    until_.count();
    return FileSystemWrapper::DeleteFile(name, options, context);
  }

 private:
  deadline until_;
};

base::result<std::unique_ptr<engine>> open(const fs::path& folder, bool accept, rocksdb::Env* env = nullptr) {
  auto settings = settings_in(folder);
  settings.accept_data_loss = accept;
  return rocks::open(settings, base::system_clock(), {env, {}});
}

/// Not a test: what the others run as their child.
TEST(accepting_child, DISABLED_is_killed_while_it_accepts_a_loss) {
  const char* const folder = std::getenv("CARTRELAY_ACCEPTING");
  ASSERT_NE(folder, nullptr) << "only accepting starts this";
  const auto disk = std::make_shared<mortal_disk>(std::atoi(std::getenv("CARTRELAY_KILL_AT")));
  const auto env = rocksdb::NewCompositeEnv(disk);
  ASSERT_TRUE(open(folder, true, env.get()));
  ::_exit(0);  // it was opened, and nobody has closed it
}

/// A loss that is accepted, by a process that does not live to see the end of it.
class accepting : public ::testing::Test {
 protected:
  void SetUp() override {
    client queue([this] { return open(sound(), false); });
    const auto a = queue.add("a");
    for (int i = 1; i <= 30; ++i)
      queue.put(std::to_string(i), {a});
    std::vector<end> ends;
    for (sequence number = 1; number <= 20; ++number)
      ends.push_back(ended(number, number % 5 == 0 ? end_state::dead_letter : end_state::delivered));
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, up_to(20, std::move(ends))));
  }
  [[nodiscard]] fs::path sound() const { return folder_.path() / "sound"; }
  [[nodiscard]] fs::path fresh_copy() const {
    const auto copy = folder_.path() / "copy";
    fs::remove_all(copy);
    fs::copy(sound(), copy, fs::copy_options::recursive);
    return copy;
  }
  /// False: it lived on.
  static bool is_killed(const fs::path& folder, int at) {
    ::setenv("CARTRELAY_ACCEPTING", folder.c_str(), 1);
    ::setenv("CARTRELAY_KILL_AT", std::to_string(at).c_str(), 1);
    const auto child = ::fork();
    if (child == 0) {
      ::execl("/proc/self/exe", "accepting_child", "--gtest_filter=accepting_child.*",
              "--gtest_also_run_disabled_tests", "--gtest_brief=1", nullptr);
      ::_exit(5);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
  }
  /// As an ordinary start finds it; with the option where that one refuses.
  static std::string figures_of(const fs::path& folder) {
    client queue([&] {
      auto strict = open(folder, false);
      return strict ? std::move(strict) : open(folder, true);
    });
    const auto all = queue.raw().stats();
    auto out = fmt::format("next {}, {} events, lost {}, corrupt {}, told {}", all.next, all.events,
                           all.lost_accepted, all.corrupt, all.loss_accepted_at.has_value());
    for (const auto& each : all.destinations)
      out +=
          fmt::format("; routed {}, delivered {}, dead {}, discarded {}, waiting {}", each.counts.routed,
                      each.counts.delivered, each.counts.dead_letters, each.counts.discarded, each.waiting);
    return out;
  }
  void expect_the_same_whenever_it_is_killed() const {
    const auto expected = figures_of(fresh_copy());
    EXPECT_NE(expected.find("told true"), std::string::npos) << expected;
    int killed = 0;
    for (auto copy = fresh_copy(); is_killed(copy, killed + 1); copy = fresh_copy()) {
      ++killed;
      ASSERT_EQ(figures_of(copy), expected) << "killed at " << killed;
      expect_balanced(copy);
      EXPECT_FALSE(fs::exists(copy / "accepting"));
    }
    EXPECT_GT(killed, 10);
  }

  temporary_folder folder_;
};

TEST_F(accepting, counts_what_a_damaged_log_has_lost_whenever_it_is_killed) {
  const auto logs = files_of(sound(), ".log");
  const auto largest = *std::max_element(
      logs.begin(), logs.end(), [](const auto& a, const auto& b) { return file_size(a) < file_size(b); });
  flip_byte(largest, file_size(largest) / 2);
  expect_the_same_whenever_it_is_killed();
}

TEST_F(accepting, counts_what_a_damaged_table_has_lost_whenever_it_is_killed) {
  flip_byte(table_of(sound(), "default"), 20);
  expect_the_same_whenever_it_is_killed();
}

TEST_F(accepting, ends_with_words_where_what_was_set_aside_is_gone) {
  flip_byte(table_of(sound(), "default"), 20);
  const auto copy = fresh_copy();
  ASSERT_TRUE(is_killed(copy, 3));
  for (const auto& each : fs::directory_iterator(copy))
    if (each.path().filename().string().starts_with("set-aside-")) fs::remove_all(each.path());
  const auto refused = open(copy, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::damaged);
  EXPECT_NE(refused.error().message().find("is gone"), std::string::npos) << refused.error().message();
  const auto accepted = open(copy, true);
  EXPECT_TRUE(accepted) << accepted.error().message();
}

}  // namespace
}  // namespace cartrelay::queue::testing
