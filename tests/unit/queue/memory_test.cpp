#include "queue/memory/engine.hpp"
#include "queue/open.hpp"
#include "tests/contract/queue/support.hpp"

namespace cartrelay::queue::testing {
namespace {

/// The in-memory engine's switches, which other rooms' tests build on.
class memory_switches : public ::testing::Test {
 protected:
  memory::memory_engine* engine_ = nullptr;
  client queue_{[this]() -> base::result<std::unique_ptr<engine>> {
    auto made = std::make_unique<memory::memory_engine>(settings_in("unused", "memory"));
    engine_ = made.get();
    return std::unique_ptr<engine>(std::move(made));
  }};
};

TEST_F(memory_switches, the_nth_append_fails) {
  engine_->fail_append(2, errc::unknown);
  EXPECT_TRUE(queue_.append({plain_event("1", {})}));
  EXPECT_EQ(queue_.append({plain_event("2", {})}).error().code, errc::unknown);
  EXPECT_TRUE(queue_.append({plain_event("2", {})}));
}

TEST_F(memory_switches, the_nth_commit_fails) {
  const auto a = queue_.add("a");
  const auto held = queue_.acquire(a).held;
  queue_.put("1", {a});
  engine_->fail_commit(1, errc::read_only);
  EXPECT_EQ(queue_.commit(held, up_to(1, {ended(1)})).error().code, errc::read_only);
  EXPECT_EQ(queue_.stats_of(a).counts.delivered, 0u);
  EXPECT_TRUE(queue_.commit(held, up_to(1, {ended(1)})));
}

TEST_F(memory_switches, appends_are_refused_until_there_is_room) {
  engine_->refuse_appends(errc::full);
  EXPECT_EQ(queue_.append({plain_event("1", {})}).error().code, errc::full);
  EXPECT_EQ(engine_->stats().reason, "queue_full");
  EXPECT_EQ(engine_->refusal(), errc::full);
  engine_->refuse_appends({});
  EXPECT_TRUE(queue_.append({plain_event("1", {})}));
}

TEST(memory, keeps_its_size_and_recovers_when_finished_events_leave) {
  options settings;
  settings.engine = "memory";
  settings.max_size = 10'000;
  client queue([&] { return queue::open(settings, base::system_clock()); });
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  sequence newest = 0;
  while (const auto stored =
             queue.append({plain_event(std::to_string(newest), {a}, std::string(1'000, 'x'))}))
    newest = stored->front().number;
  EXPECT_EQ(queue.raw().stats().reason, "queue_full");
  EXPECT_GE(queue.raw().stats().bytes, settings.max_size);
  EXPECT_EQ(queue.trim(start()), 0u) << "what is not delivered stays";
  ASSERT_TRUE(queue.commit(held, delivered_up_to(newest)));
  EXPECT_GT(queue.trim(start()), 0u);
  EXPECT_LT(queue.raw().stats().bytes, settings.max_size);
  EXPECT_GT(queue.raw().stats().bytes, 0u);
  EXPECT_TRUE(queue.append({plain_event("again", {a})}));
}

TEST_F(memory_switches, broken_storage_is_told_and_stays_broken) {
  bool told = false;
  engine_->on_failure(queue_.mailbox(), [&](const base::error&) { told = true; });
  engine_->break_storage();
  queue_.run_until([&] { return told; });
  EXPECT_EQ(queue_.append({plain_event("1", {})}).error().code, errc::read_only);
}

TEST_F(memory_switches, a_crash_forgets_what_was_not_synced) {
  const auto a = queue_.add("a");
  const auto held = queue_.acquire(a).held;
  queue_.put("1", {a});
  engine_->hold();
  std::optional<errc> answer;
  engine_->append({plain_event("2", {a})},
                  {queue_.mailbox(), [&](base::result<std::vector<append_outcome>> came) {
                     if (!came) answer = static_cast<errc>(came.error().code.value());
                   }});
  EXPECT_EQ(queue_.read(0)->records.size(), 1u) << "not durable, so not to be seen";
  EXPECT_FALSE(answer);
  engine_->crash();
  queue_.run_until([&] { return answer.has_value(); });
  EXPECT_EQ(answer, errc::unknown);
  EXPECT_EQ(queue_.raw().stats().next, 2u);
  EXPECT_EQ(queue_.commit(held, up_to(1, {ended(1)})).error().code, errc::stale_lease);
}

TEST_F(memory_switches, a_sync_answers_what_was_held) {
  engine_->hold();
  bool answered = false;
  int woken = 0;
  engine_->on_append(queue_.mailbox(), [&] { ++woken; });
  engine_->append({plain_event("1", {})},
                  {queue_.mailbox(), [&](const base::result<std::vector<append_outcome>>& came) {
                     answered = came.has_value();
                   }});
  EXPECT_TRUE(queue_.read(0)->records.empty());
  engine_->sync();
  queue_.run_until([&] { return answered && woken == 1; });
  EXPECT_EQ(queue_.read(0)->records.size(), 1u);
}

}  // namespace
}  // namespace cartrelay::queue::testing
