#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace cartrelay::queue::rocks {

struct siphash_key {
  std::uint64_t low = 0, high = 0;
};

/// SipHash-2-4 (Aumasson and Bernstein, 2012): 64 bits that nobody can steer without the key.
[[nodiscard]] std::uint64_t siphash(const siphash_key& key, std::string_view data) noexcept;

}  // namespace cartrelay::queue::rocks
