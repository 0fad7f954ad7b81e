#pragma once

#include "queue/types.hpp"

namespace cartrelay::queue::rocks {

/// Trimming goes by these many sequences; no entry of `routes` and no row of `index` reaches over such a
/// border.
inline constexpr sequence segment_size = 4096;

[[nodiscard]] constexpr sequence segment_start(sequence number) noexcept {
  return number / segment_size * segment_size;
}
/// Behind its last sequence.
[[nodiscard]] constexpr sequence segment_end(sequence number) noexcept {
  return segment_start(number) + segment_size;
}

}  // namespace cartrelay::queue::rocks
