#pragma once

#include "queue/inspect.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cartrelay::queue::testing {

/// What a queue must remember, in the plainest form there is: for each event and destination one word. No
/// time, no trimming.
class model {
 public:
  enum class fate { pending, waiting, replayed, ended, dead, discarded };

  sequence append(const std::string& id, const std::vector<destination_id>& routed) {
    if (const auto known = ids_.find(id); known != ids_.end()) return known->second;
    const auto number = next_++;
    ids_[id] = number;
    for (const auto each : routed) {
      fates_[each][number] = fate::pending;
      ++routed_[each];
    }
    return number;
  }
  void wait(destination_id at, sequence number) {
    auto& now = fates_[at][number];
    if (now == fate::pending) now = fate::waiting;
  }
  void end(destination_id at, sequence number, bool dead) {
    auto& now = fates_[at][number];
    if (unfinished(now)) now = dead ? fate::dead : fate::ended;
  }
  /// Requeues or discards; true if it was a dead letter.
  bool settle(destination_id at, sequence number, bool again) {
    const auto now = fates_[at].find(number);
    if (now == fates_[at].end() || now->second != fate::dead) return false;
    now->second = again ? fate::replayed : fate::discarded;
    return true;
  }

  [[nodiscard]] static bool unfinished(fate what) {
    return what == fate::pending || what == fate::waiting || what == fate::replayed;
  }
  [[nodiscard]] std::vector<sequence> with(destination_id at, const std::set<fate>& which) const {
    std::vector<sequence> out;
    if (const auto found = fates_.find(at); found != fates_.end())
      for (const auto& [number, what] : found->second)
        if (which.contains(what)) out.push_back(number);
    return out;
  }
  [[nodiscard]] std::uint64_t routed(destination_id at) const {
    const auto found = routed_.find(at);
    return found == routed_.end() ? 0 : found->second;
  }
  [[nodiscard]] sequence next() const { return next_; }
  /// Everything up to here is finished or waits, at that destination.
  [[nodiscard]] sequence safe_cursor(destination_id at) const {
    const auto pending = with(at, {fate::pending});
    return pending.empty() ? next_ - 1 : pending.front() - 1;
  }

 private:
  sequence next_ = 1;
  std::map<std::string, sequence> ids_;
  std::map<destination_id, std::map<sequence, fate>> fates_;
  std::map<destination_id, std::uint64_t> routed_;
};

}  // namespace cartrelay::queue::testing
