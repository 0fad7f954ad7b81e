#include "base/mailbox.hpp"

#include "base/completion.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace cartrelay::base {
namespace {

TEST(mailbox, runs_in_order_on_one_wake_up) {
  boost::asio::io_context io;
  const mailbox box(io.get_executor());
  std::vector<int> ran;
  for (int i = 0; i < 100; ++i)
    box.push([&ran, i] { ran.push_back(i); });
  EXPECT_TRUE(ran.empty());
  EXPECT_EQ(io.run(), 1u);  // one handler carried them all
  ASSERT_EQ(ran.size(), 100u);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(ran[static_cast<std::size_t>(i)], i);
}

TEST(mailbox, wakes_once_at_the_end_of_a_burst) {
  boost::asio::io_context io;
  const mailbox box(io.get_executor()), other(io.get_executor());
  std::vector<int> ran;
  {
    const mailbox::burst quiet;
    for (int i = 0; i < 3; ++i) {
      box.push([&ran, i] { ran.push_back(i); });
      other.push([&ran, i] { ran.push_back(10 + i); });
      EXPECT_EQ(io.poll(), 0u) << "nobody is woken yet";
      io.restart();
    }
  }
  EXPECT_EQ(io.poll(), 2u) << "each box in one go";
  EXPECT_EQ(ran, (std::vector{0, 1, 2, 10, 11, 12}));
}

TEST(mailbox, keeps_work_for_the_end_of_a_run) {
  boost::asio::io_context io;
  const mailbox box(io.get_executor());
  std::vector<int> ran;
  for (int i = 0; i < 3; ++i)
    box.push([&ran, i] {
      ran.push_back(i);
      EXPECT_TRUE(mailbox::at_end_of_run([&ran, i] {
        ran.push_back(10 + i);
        EXPECT_FALSE(mailbox::at_end_of_run([] {})) << "that was the end";
      }));
    });
  EXPECT_FALSE(mailbox::at_end_of_run([] {})) << "nothing runs yet";
  EXPECT_EQ(io.run(), 1u);
  EXPECT_EQ(ran, (std::vector{0, 1, 2, 10, 11, 12}));
  EXPECT_FALSE(mailbox::at_end_of_run([] {}));
}

TEST(mailbox, is_as_good_as_new_after_an_exception) {
  boost::asio::io_context io;
  const mailbox box(io.get_executor());
  std::vector<int> ran;
  box.push([&ran] {
    EXPECT_TRUE(mailbox::at_end_of_run([&ran] { ran.push_back(3); }));
    ran.push_back(1);
    throw std::runtime_error("a broken invariant");
  });
  EXPECT_THROW(io.run(), std::runtime_error);
  EXPECT_FALSE(mailbox::at_end_of_run([] {})) << "that run has ended";
  box.push([&ran] { ran.push_back(2); });
  io.restart();
  io.run();
  EXPECT_EQ(ran, (std::vector{1, 2, 3})) << "nothing twice, and nothing that was promised is forgotten";

  box.push([] { mailbox::at_end_of_run([] { throw std::runtime_error("at the end"); }); });
  io.restart();
  EXPECT_THROW(io.run(), std::runtime_error);
  box.push([&ran] { ran.push_back(4); });
  io.restart();
  io.run();
  EXPECT_EQ(ran.back(), 4);
}

TEST(mailbox, takes_work_from_its_own_work) {
  boost::asio::io_context io;
  const mailbox box(io.get_executor());
  std::vector<int> ran;
  box.push([&] {
    ran.push_back(1);
    box.push([&ran] { ran.push_back(3); });
    ran.push_back(2);
  });
  io.run();
  EXPECT_EQ(ran, (std::vector{1, 2, 3}));
}

TEST(mailbox, takes_work_from_many_threads) {
  boost::asio::io_context io;
  const mailbox box(io.get_executor());
  constexpr int threads = 4, each = 10'000;
  std::vector<int> next(threads, 0);
  int total = 0;
  bool in_order = true;
  auto guard = boost::asio::make_work_guard(io);
  std::vector<std::thread> pushers;
  for (int t = 0; t < threads; ++t)
    pushers.emplace_back([&, t] {
      for (int i = 0; i < each; ++i)
        box.push([&, t, i] {
          in_order = in_order && next[static_cast<std::size_t>(t)]++ == i;
          if (++total == threads * each) guard.reset();
        });
    });
  io.run();
  for (auto& pusher : pushers)
    pusher.join();
  EXPECT_EQ(total, threads * each);
  EXPECT_TRUE(in_order);
}

TEST(mailbox, drops_what_was_never_delivered) {
  const auto witness = std::make_shared<int>(0);
  {
    boost::asio::io_context io;
    const mailbox box(io.get_executor());
    box.push([witness] { ++*witness; });
    EXPECT_EQ(witness.use_count(), 2);
  }
  EXPECT_EQ(witness.use_count(), 1);
  EXPECT_EQ(*witness, 0);
}

task<> await_answer(mailbox box, std::vector<std::thread>& workers, std::unique_ptr<int>& into) {
  const auto start = [&workers](completion<std::unique_ptr<int>> done) {
    workers.emplace_back([done = std::move(done)]() mutable { done(std::make_unique<int>(42)); });
  };
  auto answer = co_await await_completion<std::unique_ptr<int>>(box, start);
  into = std::move(answer);
}

TEST(completion, carries_a_result_from_another_thread_to_the_coroutine) {
  boost::asio::io_context io;
  std::vector<std::thread> workers;
  std::unique_ptr<int> answer;
  boost::asio::co_spawn(io.get_executor(), await_answer(mailbox(io.get_executor()), workers, answer),
                        boost::asio::detached);
  io.run();
  for (auto& worker : workers)
    worker.join();
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, 42);
}

}  // namespace
}  // namespace cartrelay::base
