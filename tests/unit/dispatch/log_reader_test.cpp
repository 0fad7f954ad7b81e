#include "dispatch/log_reader.hpp"

#include "queue/memory/engine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

class shared_reads : public testing::Test {
 protected:
  void append() {
    queue::new_event one;
    one.source = one.id = "a";
    log_.append({one}, queue::reply<std::vector<queue::append_outcome>>(box_, [](const auto&) {}));
    subject_.note_append();
  }
  void read(std::optional<bool>& at_end) {
    boost::asio::co_spawn(
        io_, subject_.read_after(0),
        [&](std::exception_ptr, const base::result<log_reader::stretch>& got) { at_end = got->at_end; });
  }

  boost::asio::io_context io_{1};
  base::mailbox box_{io_.get_executor()};
  queue::memory::memory_engine log_{queue::options()};
  log_reader subject_{io_.get_executor(), log_, box_};
};

TEST_F(shared_reads, end_where_the_log_does) {
  std::optional<bool> first, second;
  read(first);
  read(second);
  io_.run();
  EXPECT_EQ(first, true);
  EXPECT_EQ(second, true) << "together with the first, and nothing was appended since it began";
}

TEST_F(shared_reads, that_began_before_an_append_are_not_the_end_for_who_joins_after_it) {
  std::optional<bool> first, second;
  read(first);
  boost::asio::post(io_, [this] { append(); });
  read(second);
  io_.run();
  EXPECT_EQ(first, true) << "its reader is woken by the append";
  EXPECT_EQ(second, false) << "its reader had been woken before it asked";
}

}  // namespace
}  // namespace cartrelay::dispatch
