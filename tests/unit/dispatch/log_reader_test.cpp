#include "dispatch/log_reader.hpp"

#include "event/stored.hpp"
#include "queue/memory/engine.hpp"
#include "support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
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

class large_events : public shop_floor {
 protected:
  large_events() {
    const std::vector all{large("1"), large("2"), large("3"), large("4")};
    ask<std::vector<queue::append_outcome>>([&](auto then) { log_.append(all, std::move(then)); });
  }
  static queue::new_event large(const std::string& id) {
    const auto json = R"({"specversion":"1.0","id":")" + id +
                      R"(","source":"shop/bg","type":"order.paid","data":{"order":)" +
                      R"({"id":"1","currency":"EUR","total":"1","items":[]}}})" + std::string(600'000, ' ');
    event::event what;
    what.json = json;
    queue::new_event out;
    out.id = id;
    out.stored = event::encode(what);
    return out;
  }
  std::vector<event::event_ptr> events(std::vector<queue::sequence> numbers,
                                       std::vector<queue::sequence> soon) {
    return await(reader_.events(std::move(numbers), std::move(soon))).value();
  }

  log_reader reader_{io_.get_executor(), log_, box_};
};

TEST_F(large_events, that_will_be_asked_for_soon_come_as_far_as_there_is_room) {
  EXPECT_EQ(events({1}, {2, 3, 4}).front()->id, "1");
  EXPECT_TRUE(reader_.at_hand(2)) << "together they have the bytes of a trip";
  EXPECT_FALSE(reader_.at_hand(3));
}

TEST_F(large_events, that_are_asked_for_come_all) {
  const auto all = events({4, 99, 3, 2, 1, 98}, {});
  ASSERT_EQ(all.size(), 6u);
  EXPECT_FALSE(all[1]);
  EXPECT_FALSE(all[5]);
  EXPECT_THAT((std::vector{all[0]->id, all[2]->id, all[3]->id, all[4]->id}),
              ::testing::ElementsAre("4", "3", "2", "1"));
}

TEST_F(large_events, are_found_by_all_who_ask_while_the_trip_goes_on) {
  std::optional<std::vector<event::event_ptr>> second;
  boost::asio::co_spawn(io_, reader_.events({1, 2}, {3, 4}), boost::asio::detached);
  boost::asio::co_spawn(io_, reader_.events({4, 2}, {}),
                        [&](std::exception_ptr, const base::result<std::vector<event::event_ptr>>& got) {
                          second = got.value();
                        });
  run_until([&] { return second.has_value(); });
  EXPECT_EQ(second->front()->id, "4") << "for which there was no room in that trip";
  EXPECT_EQ(second->back()->id, "2");
}

}  // namespace
}  // namespace cartrelay::dispatch
