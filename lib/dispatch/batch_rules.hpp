#pragma once

#include "destinations/destination.hpp"
#include "destinations/options.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace cartrelay::dispatch {

/// How large a batch may become, and how long it may wait for company.
struct batch_rules {
  std::size_t max_events = 1;
  std::size_t max_bytes = 0;  ///< of the body; one event alone may exceed it
  std::size_t envelope = 0;   ///< bytes of an empty batch's body
  std::chrono::milliseconds linger{0};

  /// Vendors without bulk calls do not linger: there is nothing to wait for.
  [[nodiscard]] static batch_rules of(const destinations::options& given,
                                      const destinations::destination& where) {
    const auto most = std::max<std::size_t>(1, std::min(given.batch.max_events, where.largest_batch()));
    return {most, given.batch.max_bytes, where.envelope_size(),
            most > 1 ? given.batch.linger : std::chrono::milliseconds(0)};
  }

  /// Whether `events` of together `bytes` are as much as goes at once.
  [[nodiscard]] bool full(std::size_t events, std::size_t bytes) const noexcept {
    return events >= max_events || envelope + bytes >= max_bytes;
  }
  /// Whether one more of `size` fits to `events` of together `bytes`.
  [[nodiscard]] bool fits(std::size_t events, std::size_t bytes, std::size_t size) const noexcept {
    return events == 0 || (events < max_events && envelope + bytes + size <= max_bytes);
  }
};

}  // namespace cartrelay::dispatch
