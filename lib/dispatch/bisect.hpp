#pragma once

#include <cstddef>
#include <vector>

namespace cartrelay::dispatch {

/// What a refused batch is tried as next: its halves, or, of one refused event among others, that event
/// alone. Only what stood alone is known to be refused for its own sake. A poisoned event in a batch of n is
/// found with at most 2·log2(n) + 1 requests.
template <class T>
[[nodiscard]] std::vector<std::vector<T>> halves(std::vector<T> refused) {
  std::vector<std::vector<T>> out;
  if (refused.empty()) return out;
  const auto middle = refused.begin() + static_cast<std::ptrdiff_t>(refused.size() / 2);
  if (middle != refused.begin()) out.emplace_back(refused.begin(), middle);
  out.emplace_back(middle, refused.end());
  return out;
}

}  // namespace cartrelay::dispatch
