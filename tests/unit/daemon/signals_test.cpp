#include "daemon/signals.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace cartrelay::daemon {
namespace {

class HeldSignals : public testing::Test {
 protected:
  HeldSignals() {
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before_);
    hold_signals_back();
  }
  ~HeldSignals() override { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  std::future<std::optional<int>> next() {
    return boost::asio::co_spawn(context_, signals_.next(), boost::asio::use_future);
  }
  std::optional<int> result(std::future<std::optional<int>>& awaited) {
    context_.restart();
    context_.run();
    return awaited.get();
  }

  sigset_t before_{};
  boost::asio::io_context context_;
  held_signals signals_{context_.get_executor()};
};

TEST_F(HeldSignals, OneThatCameBeforeSomebodyLooked) {
  ::kill(::getpid(), SIGHUP);
  auto awaited = next();
  EXPECT_EQ(result(awaited), SIGHUP);
}

TEST_F(HeldSignals, OneThatIsWaitedFor) {
  auto awaited = next();
  context_.poll();
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(result(awaited), SIGTERM);
}

TEST_F(HeldSignals, SeveralAtOnceComeOneByOne) {
  ::kill(::getpid(), SIGHUP);
  ::kill(::getpid(), SIGINT);
  auto first = next();
  auto second = next();
  EXPECT_EQ(result(first).value_or(0) + second.get().value_or(0), SIGHUP + SIGINT);
}

TEST_F(HeldSignals, AThreadThatIsStartedLaterIsNotInterrupted) {
  sigset_t held{};
  std::thread([&held] { ::pthread_sigmask(SIG_BLOCK, nullptr, &held); }).join();
  for (const int number : steering_signals)
    EXPECT_EQ(::sigismember(&held, number), 1) << number;
}

TEST_F(HeldSignals, CancelEndsTheWait) {
  auto awaited = next();
  context_.poll();
  signals_.cancel();
  EXPECT_EQ(result(awaited), std::nullopt);
}

}  // namespace
}  // namespace cartrelay::daemon
