#include "tests/contract/queue/model.hpp"

#include "base/random.hpp"
#include "tests/contract/queue/engines.hpp"

#include <algorithm>
#include <cstdlib>

namespace cartrelay::queue::testing {
namespace {

using fate = model::fate;

/// Random operations on an engine and on the model, which must agree after each of them.
class model_run {
 public:
  model_run(client& queue, std::uint64_t seed, bool reopens) : queue_(queue), dice_(seed), reopens_(reopens) {
    for (const auto* name : {"a", "b", "c"})
      ids_.push_back(queue_.add(name));
    acquire();
  }

  void step() {
    const auto what = dice_.below(100);
    if (what < 35)
      append();
    else if (what < 75)
      commit();
    else if (what < 85)
      settle(dice_.below(2) == 0);
    else if (what < 95)
      check();
    else if (reopens_ && what < 98)
      reopen();
    else
      acquire();
  }

  void check() {
    for (const auto id : ids_) {
      const auto stats = queue_.stats_of(id);
      EXPECT_EQ(stats.counts.routed, model_.routed(id));
      EXPECT_EQ(stats.counts.backlog(),
                model_.with(id, {fate::pending, fate::waiting, fate::replayed}).size());
      EXPECT_EQ(stats.counts.dead_letters, model_.with(id, {fate::dead}).size());
      EXPECT_EQ(stats.counts.discarded, model_.with(id, {fate::discarded}).size());
      EXPECT_EQ(stats.waiting, model_.with(id, {fate::waiting, fate::replayed}).size());
    }
    EXPECT_EQ(queue_.raw().stats().next, model_.next());
    EXPECT_EQ(queue_.read(0, {.max_records = 100000, .max_bytes = 1 << 30})->records.size(),
              model_.next() - 1);
  }

 private:
  void append() {
    std::vector<new_event> events;
    std::vector<sequence> expected;
    for (auto left = 1 + dice_.below(5); left > 0; --left) {
      std::vector<destination_id> routed;
      for (const auto id : ids_)
        if (dice_.below(3) > 0) routed.push_back(id);
      const auto id = std::to_string(dice_.below(2000));
      expected.push_back(model_.append(id, routed));
      events.push_back(plain_event(id, routed, "same"));
    }
    const auto got = queue_.append(std::move(events)).value();
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_EQ(got[i].number, expected[i]);
  }

  void commit() {
    const auto which = dice_.below(ids_.size());
    const auto id = ids_[which];
    const auto work = model_.with(id, {fate::pending, fate::waiting, fate::replayed, fate::ended});
    progress step;
    for (auto left = dice_.below(6); left > 0 && !work.empty(); --left) {
      const auto number = work[dice_.below(std::min<std::size_t>(work.size(), 12))];
      if (dice_.below(3) == 0) {
        step.exceptions.push_back(waiting(number));
      } else {
        const bool dead = dice_.below(4) == 0;
        step.ends.push_back(ended(number, dead ? end_state::dead_letter : end_state::delivered));
      }
    }
    for (const auto& each : step.exceptions)
      model_.wait(id, each.number);
    for (const auto& each : step.ends)
      model_.end(id, each.number, each.state == end_state::dead_letter);
    step.cursor = std::max(leases_[which].cursor, model_.safe_cursor(id));
    leases_[which].cursor = step.cursor;
    EXPECT_TRUE(queue_.commit(leases_[which].held, step));
  }

  void settle(bool again) {
    dead_letter_selection which;
    std::vector<dead_letter_key> expected;
    for (auto left = 1 + dice_.below(4); left > 0; --left)
      which.keys.push_back({ids_[dice_.below(ids_.size())], 1 + dice_.below(model_.next())});
    for (const auto id : ids_)
      for (const auto number : model_.with(id, {fate::dead}))
        if (dice_.below(4) == 0) which.keys.push_back({id, number});
    for (const auto& key : which.keys)
      if (model_.settle(key.destination, key.number, again)) expected.push_back(key);
    EXPECT_EQ(again ? queue_.requeue(which) : queue_.discard(which), expected);
  }

  void acquire() {
    leases_.clear();
    for (const auto id : ids_) {
      leases_.push_back(queue_.acquire(id));
      const auto& found = leases_.back();
      std::vector<sequence> waits;
      for (const auto& each : found.exceptions)
        waits.push_back(each.number);
      EXPECT_EQ(waits, model_.with(id, {fate::waiting, fate::replayed}));
      for (const auto number : model_.with(id, {fate::pending}))
        EXPECT_GT(number, found.cursor);
      for (const auto number : found.ended_after)
        EXPECT_GT(number, found.cursor);
    }
  }

  void reopen() {
    queue_.reopen();
    check();
    acquire();
  }

  client& queue_;
  base::random_source dice_;
  bool reopens_;
  model model_;
  std::vector<destination_id> ids_;
  std::vector<unit_state> leases_;
};

class model_contract : public engine_contract {};

/// CARTRELAY_SEED repeats one run; CARTRELAY_RUNS makes more of them.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

TEST_P(model_contract, random_operations_agree_with_the_model) {
  const auto first = from_environment("CARTRELAY_SEED", 1);
  const auto runs = from_environment("CARTRELAY_RUNS", GetParam() == "memory" ? 40 : 8);
  for (auto seed = first; seed < first + runs; ++seed) {
    SCOPED_TRACE("CARTRELAY_SEED=" + std::to_string(seed));
    const temporary_folder folder;
    client queue([&] { return queue::open(settings_in(folder.path(), GetParam()), base::system_clock()); });
    model_run run(queue, seed, GetParam() == "rocksdb");
    for (int i = 0; i < 150 && !HasFailure(); ++i)
      run.step();
    run.check();
    if (HasFailure()) return;
  }
}

FOR_EVERY_ENGINE(model_contract);

}  // namespace
}  // namespace cartrelay::queue::testing
