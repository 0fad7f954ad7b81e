#include "dispatch/memory_lookup.hpp"

#include "support.hpp"

#include <boost/asio/post.hpp>

namespace cartrelay::dispatch {
namespace {

using destinations::memory;
using destinations::memory_change;

/// What a kind remembers, with the queue's answer under way.
class memory_looked_up : public shop_floor {
 protected:
  memory_looked_up() {
    of_ =
        ask<queue::destination_id>([&](auto then) { log_.register_destination("vendor", std::move(then)); });
    queue::progress step;
    for (const auto* key : {"a", "b"})
      step.state.push_back({key, "old", base::system_clock().now() + 1h});
    const auto stood = ask<queue::unit_state>([&](auto then) { log_.acquire(of_, 0, 1, std::move(then)); });
    bool stored = false;
    log_.commit(stood.held, std::move(step),
                queue::reply<void>(box_, [&](const base::result<void>& done) { stored = done.has_value(); }));
    run_until([&] { return stored; });
    subject_.emplace(around_, of_, undurable_);
  }
  void change(const std::string& key, std::optional<std::string> value) {
    subject_->note({{key, std::move(value), {}}}, time_.steady());
  }
  /// Between the question to the queue and its answer, `meanwhile` happens.
  memory fetched(std::vector<std::string> wanted, const std::function<void()>& meanwhile) {
    memory out;
    std::optional<base::result<void>> done;
    boost::asio::co_spawn(io_,
                          subject_->fetch(
                              std::move(wanted), [] { return std::vector<std::string>(); }, out),
                          [&](std::exception_ptr, base::result<void> came) { done = std::move(came); });
    boost::asio::post(io_, meanwhile);
    run_until([&] { return done.has_value(); });
    EXPECT_TRUE(*done);
    return out;
  }

  const base::clock& time_ = base::system_clock();
  log_reader reader_{io_.get_executor(), log_, box_};
  surroundings around_{io_.get_executor(), box_, log_, time_, reader_};
  outbox undurable_;
  queue::destination_id of_ = 0;
  std::optional<memory_lookup> subject_;
};

TEST_F(memory_looked_up, is_what_the_queue_says) {
  EXPECT_EQ(fetched({"a", "b", "c"}, [] {}), (memory{{"a", "old"}, {"b", "old"}}));
  memory known;
  EXPECT_TRUE(subject_->recall({"a", "b", "c"}, known).empty());
  EXPECT_EQ(known, (memory{{"a", "old"}, {"b", "old"}}));
}

TEST_F(memory_looked_up, is_what_a_delivery_made_of_it_in_the_meantime) {
  EXPECT_EQ(fetched({"a", "b"},
                    [this] {
                      change("a", "new");
                      change("b", std::nullopt);
                    }),
            (memory{{"a", "new"}}));
}

TEST_F(memory_looked_up, is_so_too_if_it_was_at_hand_before) {
  change("a", "at hand");
  change("c", "at hand");
  EXPECT_EQ(fetched({"a", "b", "c"},
                    [this] {
                      change("a", "new");
                      change("c", std::nullopt);
                    }),
            (memory{{"a", "new"}, {"b", "old"}}));
}

}  // namespace
}  // namespace cartrelay::dispatch
