#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

namespace cartrelay::sandbox {

/// Records by name, in the order in which the names first came. Holds at most `limit` of them: past it the
/// oldest goes, and `dropped` counts it, so that a long run cannot fill the memory.
template <class Record>
class kept {
 public:
  explicit kept(std::size_t limit) : limit_(limit) {}

  /// The record of that name, made if it is not there. Valid until the next call.
  Record& operator[](const std::string& name) {
    const auto [at, fresh] = records_.try_emplace(name);
    if (!fresh) return at->second;
    order_.push_back(name);
    if (order_.size() > limit_) {
      records_.erase(order_.front());
      order_.pop_front();
      ++dropped_;
    }
    return records_.find(name)->second;
  }
  [[nodiscard]] Record* find(const std::string& name) {
    const auto at = records_.find(name);
    return at == records_.end() ? nullptr : &at->second;
  }
  /// `each(name, record)`, oldest first.
  template <class Each>
  void for_each(Each each) const {
    for (const std::string& name : order_)
      each(name, records_.at(name));
  }
  [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  std::size_t limit_;  // at least 1
  std::unordered_map<std::string, Record> records_;
  std::deque<std::string> order_;
  std::uint64_t dropped_ = 0;
};

}  // namespace cartrelay::sandbox
