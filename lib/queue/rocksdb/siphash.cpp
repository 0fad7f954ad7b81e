#include "queue/rocksdb/siphash.hpp"

#include "queue/rocksdb/bytes.hpp"

#include <bit>

namespace cartrelay::queue::rocks {
namespace {

struct sip_state {
  std::uint64_t v0, v1, v2, v3;

  void round() noexcept {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void absorb(std::uint64_t word) noexcept {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

}  // namespace

std::uint64_t siphash(const siphash_key& key, std::string_view data) noexcept {
  sip_state state{key.low ^ 0x736f6d6570736575ull, key.high ^ 0x646f72616e646f6dull,
                  key.low ^ 0x6c7967656e657261ull, key.high ^ 0x7465646279746573ull};
  const auto length = static_cast<std::uint64_t>(data.size());
  for (; data.size() >= 8; data.remove_prefix(8))
    state.absorb(little_endian(data.substr(0, 8)));
  state.absorb(little_endian(data) | length << 56);
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i)
    state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace cartrelay::queue::rocks
