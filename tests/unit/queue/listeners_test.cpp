#include "queue/listeners.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace cartrelay::queue {
namespace {

using namespace std::chrono_literals;

struct sleeper {
  sleeper() {
    told.add_wake(base::mailbox(io.get_executor()), [this] { ++wakes; });
  }
  int wakes_after(auto call) {
    call();
    wakes = 0;
    io.restart();
    io.poll();
    return wakes;
  }

  boost::asio::io_context io;
  listeners told;
  int wakes = 0;
};

TEST(listeners, one_wake_tells_of_all_commits_before_it) {
  sleeper one;
  EXPECT_EQ(one.wakes_after([&] {
    one.told.appended();
    one.told.appended();
  }),
            1);
  EXPECT_EQ(one.wakes_after([&] { one.told.appended(); }), 1);
}

TEST(listeners, commits_in_a_row_wake_now_and_then_and_the_last_is_never_forgotten) {
  sleeper one;
  const std::chrono::steady_clock::time_point begin{1s};
  EXPECT_EQ(one.wakes_after([&] { one.told.appended_in_a_row(begin); }), 1) << "the first, at once";
  EXPECT_EQ(one.wakes_after([&] { one.told.pay(); }), 0) << "nothing is owed";
  EXPECT_EQ(one.wakes_after([&] { one.told.appended_in_a_row(begin + 1ms); }), 0);
  EXPECT_EQ(one.wakes_after([&] { one.told.pay(); }), 1);
  EXPECT_EQ(one.wakes_after([&] { one.told.appended_in_a_row(begin + 1900us); }), 0);
  EXPECT_EQ(one.wakes_after([&] { one.told.appended_in_a_row(begin + 2ms); }), 1) << "this one tells of both";
  EXPECT_EQ(one.wakes_after([&] { one.told.pay(); }), 0);
}

TEST(listeners, what_is_owed_is_told_in_its_time_also_when_nothing_more_is_appended) {
  sleeper one;
  const std::chrono::steady_clock::time_point begin{1s};
  EXPECT_EQ(one.wakes_after([&] { one.told.pay_when_due(begin); }), 0) << "nothing is owed";
  EXPECT_EQ(one.wakes_after([&] { one.told.appended_in_a_row(begin); }), 1);
  EXPECT_EQ(one.wakes_after([&] { one.told.pay_when_due(begin + 3ms); }), 0);
  EXPECT_EQ(one.wakes_after([&] { one.told.appended_in_a_row(begin + 1ms); }), 0);
  EXPECT_EQ(one.wakes_after([&] { one.told.pay_when_due(begin + 1900us); }), 0) << "not yet";
  EXPECT_EQ(one.wakes_after([&] { one.told.pay_when_due(begin + 2ms); }), 1);
  EXPECT_EQ(one.wakes_after([&] { one.told.pay(); }), 0);
}

}  // namespace
}  // namespace cartrelay::queue
