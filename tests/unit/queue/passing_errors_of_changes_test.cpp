#include "tests/unit/queue/passing_errors.hpp"

namespace cartrelay::queue::testing {
namespace {

using passing_errors_of_changes = passing_errors;

TEST_F(passing_errors_of_changes, no_event_dies_without_its_copy) {
  bool answered = false;
  for (int good = 0; !answered; ++good) {
    fill();
    auto queue = open();
    const auto held = queue.acquire(1).held;
    const auto step = up_to(3, {ended(3, end_state::dead_letter)});
    const auto died = failing_after(good, [&] { return queue.commit(held, step); });
    answered = died.has_value();
    if (!answered) {
      EXPECT_EQ(died.error().code, errc::read_only);
      EXPECT_EQ(queue.stats_of(1).counts.dead_letters, 0u) << "the step comes again";
      ASSERT_TRUE(queue.commit(held, step));
    }
    dead_letter_selection which;
    which.keys = {{1, 3}};
    EXPECT_EQ(queue.requeue(which).size(), 1u) << "after " << good << " reads";
  }
}

TEST_F(passing_errors_of_changes, a_dead_letter_without_its_copy_is_replayed_from_the_log) {
  fill();
  {
    auto queue = open();
    ASSERT_TRUE(queue.commit(queue.acquire(1).held, up_to(3, {ended(3, end_state::dead_letter)})));
  }
  with_raw_store(folder_->path(), [](rocks::store& data) {
    rocksdb::WriteBatch batch;
    batch.Delete(data[rocks::family::copies], rocks::unit_key(1, 0, 3));
    ASSERT_TRUE(data.write(batch).ok());
  });
  auto queue = open();
  dead_letter_selection which;
  which.keys = {{1, 3}};
  EXPECT_EQ(queue.requeue(which).size(), 1u);
  EXPECT_EQ(queue.acquire(1).exceptions.size(), 2u);
  queue.reopen();
  EXPECT_EQ(queue.find_dead_letters({}).size(), 0u);
  EXPECT_EQ(numbers(queue.fetch({3}).value()), from_to(3, 3));
}

TEST_F(passing_errors_of_changes, no_dead_letter_is_settled_in_part) {
  for (const bool again : {true, false}) {
    bool answered = false;
    for (int good = 0; !answered; ++good) {
      fill();
      std::vector<end> dead{ended(2, end_state::dead_letter), ended(3, end_state::dead_letter)};
      {
        auto queue = open();
        ASSERT_TRUE(queue.commit(queue.acquire(1).held, up_to(3, dead)));
      }
      auto queue = open();
      dead_letter_selection both;
      both.keys = {{1, 2}, {1, 3}};
      const auto settle = [&] {
        return queue.ask<std::vector<dead_letter_key>>([&](auto then) {
          if (again)
            queue.raw().requeue(both, start(), std::move(then));
          else
            queue.raw().discard(both, start(), std::move(then));
        });
      };
      auto settled = failing_after(good, settle);
      answered = settled.has_value();
      if (!answered) {
        EXPECT_EQ(settled.error().code, errc::read_only);
        EXPECT_EQ(queue.stats_of(1).counts.dead_letters, 2u);
        settled = settle();
      }
      EXPECT_EQ(settled->size(), 2u) << "after " << good << " reads";
      EXPECT_TRUE(!answered || good > 0);
    }
  }
}

TEST_F(passing_errors_of_changes, no_erasure_leaves_what_the_disk_did_not_give) {
  bool answered = false;
  for (int good = 0; !answered; ++good) {
    folder_.emplace();
    std::vector<end> ends{ended(1), ended(2, end_state::dead_letter)};
    for (auto& each : ends) {
      each.tries.count = 1;
      each.tries.first = each.tries.last = start();
      each.tries.batch = "b";
    }
    ends[1].evidence = "x@y.z and other@y.z";
    {
      auto queue = open();
      const auto a = queue.add("a");
      ASSERT_TRUE(
          queue.append({order_event("1", "o1", "x@y.z", {a}), order_event("2", "o2", "other@y.z", {a})}));
      ASSERT_TRUE(queue.commit(queue.acquire(a).held, up_to(2, ends)));
    }
    auto queue = open();
    const auto which = queue.begin_erasure({customer_key::kind::email, "x@y.z"});
    ASSERT_EQ(queue.erasable(which), from_to(1, 1));
    const auto erase = [&] {
      return queue.ask<erasure_counts>(
          [&](auto then) { queue.raw().erase(which, {1}, {}, start(), std::move(then)); });
    };
    auto erased = failing_after(good, erase, 1);
    answered = erased && disk_->bad_reads > 0;
    if (!erased) {
      EXPECT_EQ(erased.error().code, errc::read_only);
      erased = erase();
    }
    EXPECT_EQ(erased->events, 1u) << "after " << good << " reads";
    EXPECT_EQ(queue.erasable(which), std::vector<sequence>());
    EXPECT_EQ(queue.dead_letters().letters.at(0).ended.evidence, "") << "after " << good << " reads";
    EXPECT_EQ(queue.append({order_event("1", "o1", "new@y.z", {1})})->front().status, append_status::appended)
        << "its idempotency key is gone too, after " << good << " reads";
  }
}

}  // namespace
}  // namespace cartrelay::queue::testing
