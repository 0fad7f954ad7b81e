#include "base/digest.hpp"

#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace cartrelay::base {
namespace {

// FIPS 180-4 examples.
TEST(digest, agrees_with_the_published_examples) {
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// As the xxhsum of xxHash 0.8 prints them.
TEST(xxh128, agrees_with_the_reference) {
  EXPECT_EQ(to_hex(xxh128("")), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(to_hex(xxh128("abc")), "06b05ab6733a618578af5f94892f3950");
}

// RFC 3720, B.4, and the usual check value.
TEST(crc32c, agrees_with_the_published_examples) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(crc32c, is_the_same_for_every_length_and_alignment) {
  std::string text;
  for (int i = 0; i < 70; ++i)
    text += static_cast<char>(i * 37);
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t size = 0; from + size <= text.size(); ++size) {
      const auto part = std::string_view(text).substr(from, size);
      std::uint32_t expected = 0xffffffffu;
      for (const char c : part) {
        expected ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
          expected = (expected >> 1) ^ ((expected & 1) != 0 ? 0x82f63b78u : 0u);
      }
      ASSERT_EQ(crc32c(part), expected ^ 0xffffffffu) << from << '+' << size;
    }
  }
}

// Stored formats and partitions depend on these values.
TEST(stable_hash, is_the_same_in_every_process) {
  EXPECT_EQ(stable_hash(""), 0xefd01f60ba992926ull);
  EXPECT_EQ(stable_hash("order-1001"), 0xd3e271655733ba76ull);
}

TEST(equal_in_constant_time, compares_all_bytes) {
  const auto a = sha256("a");
  auto b = a;
  EXPECT_TRUE(equal_in_constant_time(a, b));
  b.back() ^= 1;
  EXPECT_FALSE(equal_in_constant_time(a, b));
}

// RFC 4648, section 10.
TEST(base64, agrees_with_the_published_examples) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace cartrelay::base
