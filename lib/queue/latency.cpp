#include "queue/latency.hpp"

#include <algorithm>
#include <vector>

namespace cartrelay::queue {

void latency_window::add(std::chrono::nanoseconds took) noexcept {
  recent_[next_] = took;
  next_ = (next_ + 1) % recent_.size();
  count_ = std::min(count_ + 1, recent_.size());
}

double latency_window::percentile_ms(double fraction) const {
  if (count_ == 0) return 0;
  std::vector<std::chrono::nanoseconds> sorted(recent_.begin(),
                                               recent_.begin() + static_cast<std::ptrdiff_t>(count_));
  const auto rank = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(count_ - 1));
  std::nth_element(sorted.begin(), sorted.begin() + rank, sorted.end());
  return std::chrono::duration<double, std::milli>(sorted[static_cast<std::size_t>(rank)]).count();
}

}  // namespace cartrelay::queue
