#include "base/random.hpp"

namespace cartrelay::base {

double random_source::fraction() {
  return static_cast<double>(engine_() >> 11) * 0x1.0p-53;
}

std::uint64_t random_source::below(std::uint64_t bound) {
  if (bound == 0) return 0;
  return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine_);
}

std::uint64_t random_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace cartrelay::base
