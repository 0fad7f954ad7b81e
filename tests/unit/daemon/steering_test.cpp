#include "daemon/steering.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

namespace cartrelay::daemon {
namespace {

using namespace std::chrono_literals;

class Steering : public testing::Test {
 protected:
  Steering() {
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before_);
    hold_signals_back();
    boost::asio::co_spawn(context_, steered_.follow([this] { ++stops_; }), boost::asio::use_future);
  }
  ~Steering() override {
    steered_.end();
    context_.run();
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  /// Runs until somebody who waits for the next signal has seen it.
  void see_next() {
    auto seen = boost::asio::co_spawn(context_, steered_.next(), boost::asio::use_future);
    while (seen.wait_for(0s) != std::future_status::ready)
      context_.run_one();
  }

  sigset_t before_{};
  boost::asio::io_context context_;
  steering steered_{context_.get_executor()};
  int stops_ = 0;
};

TEST_F(Steering, AStopIsToldToAll) {
  EXPECT_FALSE(steered_.stops_within(0ms));
  ::kill(::getpid(), SIGTERM);
  see_next();
  EXPECT_TRUE(steered_.is_stop_wanted());
  EXPECT_TRUE(steered_.stops_within(0ms));
  EXPECT_FALSE(steered_.take_reload());
  EXPECT_EQ(stops_, 1);
}

TEST_F(Steering, ManyReloadsAreOne) {
  ::kill(::getpid(), SIGHUP);
  ::kill(::getpid(), SIGHUP);
  see_next();
  EXPECT_TRUE(steered_.take_reload());
  EXPECT_FALSE(steered_.take_reload());
  EXPECT_FALSE(steered_.is_stop_wanted());
  EXPECT_EQ(stops_, 0);
}

TEST_F(Steering, AWaitMayEndWithoutASignal) {
  auto seen = boost::asio::co_spawn(context_, steered_.next(1ms), boost::asio::use_future);
  while (seen.wait_for(0s) != std::future_status::ready)
    context_.run_one();
  EXPECT_FALSE(steered_.is_stop_wanted());
}

}  // namespace
}  // namespace cartrelay::daemon
