#include "base/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <xxhash.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

#include <cstring>
#include <memory>
#include <stdexcept>

namespace cartrelay::base {
namespace {

/// Looking an algorithm up takes locks and half as long as a digest of a small text: once is enough. Never
/// freed.
const EVP_MD* fetch(const char* name) {
  const EVP_MD* found = EVP_MD_fetch(nullptr, name, nullptr);
  if (found == nullptr) throw std::runtime_error(std::string("OpenSSL has no ") + name);
  return found;
}

struct context_deleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// EVP_Digest() would make a context for each text; one that stays costs a third of that for a short one.
template <class Digest>
Digest compute(std::string_view data, const EVP_MD* algorithm) {
  thread_local const std::unique_ptr<EVP_MD_CTX, context_deleter> context(EVP_MD_CTX_new());
  Digest out{};
  unsigned int size = 0;
  if (context == nullptr || EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), out.data(), &size) != 1 || size != out.size())
    throw std::runtime_error("OpenSSL cannot compute a digest");
  return out;
}

constexpr std::array<std::uint32_t, 256> make_crc32c_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
    table[i] = crc;
  }
  return table;
}
constexpr auto crc32c_table = make_crc32c_table();

constexpr std::uint32_t crc32c_by_table(std::uint32_t crc, std::string_view data) noexcept {
  for (const char c : data)
    crc = crc32c_table[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ (crc >> 8);
  return crc;
}
static_assert((crc32c_by_table(0xffffffffu, "123456789") ^ 0xffffffffu) == 0xe3069283u);

#if defined(__x86_64__)
/// The instruction that every server of the last decade has: a record's checksum must not cost more than
/// copying it.
__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(std::uint32_t crc,
                                                                      std::string_view data) noexcept {
  std::uint64_t wide = crc;
  for (; data.size() >= 8; data.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data(), 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (const char c : data)
    crc = _mm_crc32_u8(crc, static_cast<unsigned char>(c));
  return crc;
}
#endif

}  // namespace

sha256_digest sha256(std::string_view data) {
  static const EVP_MD* const algorithm = fetch("SHA256");
  return compute<sha256_digest>(data, algorithm);
}

bool equal_in_constant_time(const sha256_digest& a, const sha256_digest& b) noexcept {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

xxh128_digest xxh128(std::string_view data) noexcept {
  XXH128_canonical_t ordered;
  XXH128_canonicalFromHash(&ordered, XXH3_128bits(data.data(), data.size()));
  return std::to_array(ordered.digest);
}

std::uint64_t stable_hash(std::string_view data) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : data) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ull;
  }
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdull;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ull;
  hash ^= hash >> 33;
  return hash;
}

std::uint32_t crc32c(std::string_view data, std::uint32_t before) noexcept {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return crc32c_by_instruction(before ^ 0xffffffffu, data) ^ 0xffffffffu;
#endif
  return crc32c_by_table(before ^ 0xffffffffu, data) ^ 0xffffffffu;
}

}  // namespace cartrelay::base
