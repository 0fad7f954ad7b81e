#include "base/random.hpp"
#include "tests/contract/queue/engines.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

namespace cartrelay::queue::testing {
namespace {

/// What the child tells its parent once it is durable.
struct notice {
  enum class kind : std::uint8_t { appended, ended } what;
  sequence number;
  std::uint64_t id;
};

void tell(int pipe, const notice& what) {
  if (::write(pipe, &what, sizeof what) != static_cast<ssize_t>(sizeof what)) ::_exit(3);
}

/// Appends and ends events without end, and tells of each when it was answered. Ends by SIGKILL.
[[noreturn]] void work_until_killed(const options& settings, int pipe, std::uint64_t cycle) {
  client queue([&] { return queue::open(settings, base::system_clock()); });
  const auto destination = queue.add("a");
  auto held = queue.acquire(destination).held;
  base::random_source dice(cycle);
  for (std::uint64_t i = 0;; ++i) {
    std::vector<new_event> events;
    const auto count = 1 + dice.below(8);
    for (std::uint64_t n = 0; n < count; ++n)
      events.push_back(plain_event(std::to_string(cycle * 1000000 + i * 10 + n), {destination}));
    const auto stored = queue.append(std::move(events)).value();
    for (std::uint64_t n = 0; n < count; ++n)
      tell(pipe, {notice::kind::appended, stored[n].number, cycle * 1000000 + i * 10 + n});
    progress step;
    for (const auto& each : stored)
      if (dice.below(2) == 0) step.ends.push_back(ended(each.number));
    if (!queue.commit(held, step)) ::_exit(4);
    for (const auto& each : step.ends)
      tell(pipe, {notice::kind::ended, each.number, 0});
  }
}

class kill_test : public ::testing::Test {
 protected:
  /// One life of the child; its notices are in `appended_` and `ended_`.
  void live_and_die(std::uint64_t cycle, std::size_t notices) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto arguments = settings_.path + ' ' + std::to_string(ends[1]) + ' ' + std::to_string(cycle);
    ::setenv("CARTRELAY_KILL_CHILD", arguments.c_str(), 1);
    const auto child = ::fork();
    if (child == 0) {
      // A program of its own: RocksDB's threads, if this process has some, do not live on in a fork.
      ::close(ends[0]);
      ::execl("/proc/self/exe", "kill_child", "--gtest_filter=kill_child.*",
              "--gtest_also_run_disabled_tests", "--gtest_brief=1", nullptr);
      ::_exit(5);
    }
    ::close(ends[1]);
    notice came{};
    for (std::size_t i = 0; ::read(ends[0], &came, sizeof came) == static_cast<ssize_t>(sizeof came); ++i) {
      if (came.what == notice::kind::appended)
        appended_[came.number] = came.id;
      else
        ended_.insert(came.number);
      if (i == notices) ::kill(child, SIGKILL);  // what it told until it noticed counts as well
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
  }

  void compare() {
    client queue([&] { return queue::open(settings_, base::system_clock()); });
    std::map<sequence, std::string> stored;
    for (sequence after = 0;;) {
      const auto batch = queue.read(after).value();
      for (const auto& each : batch.records)
        stored[each.number] = each.stored;
      EXPECT_TRUE(batch.corrupt.empty());
      after = batch.position;
      if (batch.at_end) break;
    }
    for (const auto& [number, id] : appended_)
      EXPECT_EQ(stored[number], std::to_string(id) + ":x") << "event " << number << " was acknowledged";
    const auto stats = queue.stats_of(queue.add("a"));
    EXPECT_EQ(stats.counts.routed, stored.size());
    const auto found = queue.acquire(stats.id);
    const std::set<sequence> kept(found.ended_after.begin(), found.ended_after.end());
    for (const auto number : ended_)
      EXPECT_TRUE(kept.contains(number)) << "the end of event " << number << " was acknowledged";
    EXPECT_EQ(stats.counts.delivered, kept.size());
    EXPECT_EQ(stats.counts.backlog(), stored.size() - kept.size()) << "the ledger balances";
  }

  temporary_folder folder_;
  options settings_ = settings_in(folder_.path());
  std::map<sequence, std::uint64_t> appended_;
  std::set<sequence> ended_;
};

/// Not a test: what kill_test runs as its child.
TEST(kill_child, DISABLED_works_until_it_is_killed) {
  const char* const given = std::getenv("CARTRELAY_KILL_CHILD");
  ASSERT_NE(given, nullptr) << "only kill_test starts this";
  std::istringstream arguments(given);
  std::string path;
  int pipe = -1;
  std::uint64_t cycle = 0;
  arguments >> path >> pipe >> cycle;
  work_until_killed(settings_in(path), pipe, cycle);
}

TEST_F(kill_test, nothing_acknowledged_is_lost) {
  for (std::uint64_t cycle = 1; cycle <= 6 && !HasFailure(); ++cycle) {
    live_and_die(cycle, 60 + cycle * 37);
    compare();
  }
}

}  // namespace
}  // namespace cartrelay::queue::testing
