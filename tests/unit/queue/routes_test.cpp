#include "queue/rocksdb/routes.hpp"

#include "queue/rocksdb/engine.hpp"
#include "queue/rocksdb/keys.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

namespace cartrelay::queue::testing {
namespace {

/// The destinations of an event, as the test lays them out.
std::vector<destination_id> destinations_of(sequence number) {
  std::vector<destination_id> out;
  for (destination_id id = 1; id <= 3; ++id)
    if (number % (static_cast<sequence>(id) + 1) == 0) out.push_back(id);
  return out;
}

class routes_test : public ::testing::Test {
 protected:
  routes_test() {
    client queue([this] { return rocks::open(settings_in(folder_.path()), base::system_clock()); });
    for (const auto* name : {"a", "b", "c"})
      queue.add(name);
    sequence next = 1;
    for (const int size : {1, 7, 1000, 4000, 300}) {
      std::vector<new_event> events;
      for (int i = 0; i < size; ++i, ++next)
        events.push_back(plain_event(std::to_string(next), destinations_of(next)));
      EXPECT_TRUE(queue.append(std::move(events)));
    }
    end_ = next;
  }

  temporary_folder folder_;
  sequence end_ = 0;
};

TEST_F(routes_test, any_stretch_can_be_walked) {
  with_raw_store(folder_.path(), [this](rocks::store& data) {
    const std::pair<sequence, sequence> stretches[] = {
        {1, end_}, {5, 6}, {1000, 1020}, {4090, 4100}, {4096, end_}};
    for (const auto& [from, to] : stretches) {
      auto expected = from;
      rocks::for_each_run(data, from, to, [&](sequence first, const rocks::route_run& run) {
        EXPECT_EQ(first, expected);
        for (sequence i = 0; i < run.count; ++i)
          EXPECT_EQ(run.to, destinations_of(first + i)) << first + i;
        expected = first + run.count;
      });
      EXPECT_EQ(expected, to);
    }
  });
}

TEST_F(routes_test, no_entry_reaches_over_a_segment) {
  with_raw_store(folder_.path(), [](rocks::store& data) {
    const auto entry = data.get(rocks::family::routes, rocks::log_key(0, rocks::segment_size)).value();
    EXPECT_TRUE(entry) << "one begins where the segment does";
  });
}

TEST_F(routes_test, old_events_are_found_after_a_restart) {
  with_raw_store(folder_.path(), [this](rocks::store& data) {
    rocks::routes known(data);
    for (const sequence number : {sequence{1}, sequence{4095}, sequence{4096}, end_ - 1, sequence{17}}) {
      const auto* const to = known.of(number).value();
      ASSERT_NE(to, nullptr) << number;
      EXPECT_EQ(*to, destinations_of(number)) << number;
    }
    EXPECT_EQ(known.of(end_).value(), nullptr);
  });
}

}  // namespace
}  // namespace cartrelay::queue::testing
