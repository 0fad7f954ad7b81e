#pragma once

#include <cstdint>
#include <random>

namespace cartrelay::base {

/// The source of jitter: seeded, so that a simulation can be repeated. Not for secrets. One thread at a time.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}

  /// Uniform in [0, 1).
  [[nodiscard]] double fraction();
  /// Uniform in [0, bound); 0 for bound 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);

 private:
  std::mt19937_64 engine_;
};

/// A seed nobody can guess, from the kernel.
[[nodiscard]] std::uint64_t random_seed();

}  // namespace cartrelay::base
