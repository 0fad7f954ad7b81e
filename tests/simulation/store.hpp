#pragma once

#include "queue/progress.hpp"
#include "simulation/shop.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::simulation {

/// What a queue has durable of one destination, with every rule of the seam checked at every step.
class store {
 public:
  explicit store(const shop& log) : log_(log) {}

  void apply(const queue::progress& step);
  [[nodiscard]] queue::unit_state acquire(std::size_t most_rows);
  [[nodiscard]] std::vector<queue::sequence> dead_letters() const;
  /// Dead letters become work again.
  void requeue(const std::vector<queue::sequence>& numbers, base::timestamp now);

  [[nodiscard]] const queue::end* end_of(queue::sequence number) const;
  [[nodiscard]] const queue::exception* row_of(queue::sequence number) const;
  [[nodiscard]] std::optional<std::string> remembered(const std::string& key) const;
  [[nodiscard]] const std::string& control() const noexcept { return control_; }
  /// From when its age counts: it was accepted, or replayed.
  [[nodiscard]] base::timestamp age_from(queue::sequence number) const;
  /// Every event has ended, and the figures add up.
  void require_all_ended() const;
  [[nodiscard]] std::size_t backlog() const { return log_.log().size() - ends_.size(); }

 private:
  void check_end(const queue::end& what) const;
  void check_superseded(const queue::end& what) const;
  void check_cursor(queue::sequence from) const;
  void check_ledger() const;

  const shop& log_;
  std::uint64_t epoch_ = 0;
  queue::sequence cursor_ = 0;
  std::map<queue::sequence, queue::end> ends_;
  std::map<queue::sequence, queue::exception> rows_;
  std::map<std::string, std::string> state_;
  std::map<queue::end_state, std::uint64_t> totals_;
  std::map<queue::sequence, base::timestamp> replayed_at_;
  std::string control_;
};

}  // namespace cartrelay::simulation
