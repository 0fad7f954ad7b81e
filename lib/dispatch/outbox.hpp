#pragma once

#include "queue/progress.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::dispatch {

/// What one destination wants made durable. One step is on its way at a time; everything that comes in the
/// meantime goes together in the next one. A crash forgets both: the one on its way and the one that is
/// filling.
class outbox {
 public:
  /// Names the step that carries what was put in last.
  using ticket = std::uint64_t;

  outbox() = default;
  /// Attempts are counted on from there.
  outbox(std::uint64_t attempts, std::uint64_t failed) : attempts_(attempts), failed_attempts_(failed) {}

  ticket end(queue::end&& what);
  ticket wait(queue::exception row);
  ticket remember(std::vector<queue::state_change> changes);
  ticket control(std::string blob);
  void count_attempt(bool failed);
  /// What was put in until now is to be durable at once.
  void hurry() noexcept { hurried_ = dirty_; }
  /// An attempt waits for it.
  void await() noexcept { ++awaiting_; }

  [[nodiscard]] bool hurried() const noexcept { return hurried_; }
  /// So many attempts wait for the step that is filling.
  [[nodiscard]] std::size_t awaiting() const noexcept { return awaiting_; }
  [[nodiscard]] bool empty() const noexcept { return !dirty_; }
  [[nodiscard]] bool on_its_way() const noexcept { return flying_.has_value(); }
  /// Ends that are not durable yet.
  [[nodiscard]] std::size_t ends() const noexcept;
  /// Whose, ascending.
  [[nodiscard]] std::vector<queue::sequence> ending() const;
  /// Those of them that had an attempt: what a crash now would repeat.
  [[nodiscard]] std::size_t repeatable_ends() const noexcept;
  /// Of the step that carries what was put in until now.
  [[nodiscard]] ticket latest() const noexcept { return dirty_ ? taken_ + 1 : taken_; }
  [[nodiscard]] bool durable(ticket which) const noexcept { return which <= durable_; }
  /// What is about to be remembered under a key: outer absence means that the queue knows best.
  [[nodiscard]] std::optional<std::optional<std::string>> remembered(const std::string& key) const;

  /// The next step. Only if none is on its way.
  [[nodiscard]] queue::progress take(queue::sequence cursor);
  void done();
  /// It was not made durable: its content goes with the next one.
  void undo();

 private:
  struct content {
    std::vector<queue::end> ends;
    std::size_t repeatable = 0;  // of the ends
    std::map<queue::sequence, queue::exception> rows;
    std::vector<queue::state_change> state;
    std::optional<std::string> control;
  };

  ticket touch() noexcept;

  content filling_;
  std::optional<content> flying_;
  std::uint64_t attempts_ = 0, failed_attempts_ = 0;
  bool dirty_ = false, hurried_ = false;
  std::size_t awaiting_ = 0;
  ticket taken_ = 0, durable_ = 0;
};

}  // namespace cartrelay::dispatch
