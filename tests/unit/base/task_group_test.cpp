#include "base/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include <string>

namespace cartrelay::base {
namespace {

task<> member(timer& gate, std::string& log, std::string name) {
  co_await gate.async_wait(as_result);
  log += name;
}

task<> wait_for(task_group& group, std::string& log) {
  co_await group.join();
  log += "joined ";
}

TEST(task_group, is_joined_when_its_last_member_has_ended) {
  boost::asio::io_context io;
  task_group group(io.get_executor());
  timer first(io, timer::time_point::max());
  timer second(io, timer::time_point::max());
  std::string log;
  group.spawn(member(first, log, "first "));
  group.spawn(member(second, log, "second "));
  EXPECT_EQ(group.size(), 2u);
  boost::asio::co_spawn(io.get_executor(), wait_for(group, log), boost::asio::detached);
  boost::asio::co_spawn(io.get_executor(), wait_for(group, log), boost::asio::detached);
  io.poll();
  EXPECT_EQ(log, "");
  first.cancel();
  io.poll();
  EXPECT_EQ(log, "first ");
  EXPECT_EQ(group.size(), 1u);
  second.cancel();
  io.run();
  EXPECT_EQ(log, "first second joined joined ");
}

TEST(task_group, that_is_empty_is_joined_at_once) {
  boost::asio::io_context io;
  task_group group(io.get_executor());
  std::string log;
  boost::asio::co_spawn(io.get_executor(), wait_for(group, log), boost::asio::detached);
  io.run();
  EXPECT_EQ(log, "joined ");
}

}  // namespace
}  // namespace cartrelay::base
