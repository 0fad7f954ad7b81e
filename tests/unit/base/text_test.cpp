#include "base/text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace cartrelay::base {
namespace {

constexpr std::array<std::string_view, 5> names{"id", "email", "phone", "first_name", "last_name"};

TEST(nearest, finds_what_was_meant) {
  EXPECT_EQ(nearest("emial", names), "email");  // two neighbours swapped: one slip
  EXPECT_EQ(nearest("emal", names), "email");
  EXPECT_EQ(nearest("Email", names), "email");
  EXPECT_EQ(nearest("firstname", names), "first_name");
  EXPECT_EQ(nearest("lastName", names), "last_name");
  EXPECT_EQ(nearest("ids", names), "id");
}

TEST(nearest, finds_the_only_one_that_a_word_is_the_beginning_of) {
  EXPECT_EQ(nearest("Fir", names), "first_name");
  EXPECT_EQ(nearest("last", names), "last_name");
  EXPECT_FALSE(nearest("fi", names));
  constexpr std::array<std::string_view, 2> alike{"order.created", "order.updated"};
  EXPECT_FALSE(nearest("order", alike));
  EXPECT_EQ(nearest("order.c", alike), "order.created");
}

TEST(nearest, does_not_guess_wildly) {
  EXPECT_FALSE(nearest("address", names));
  EXPECT_FALSE(nearest("", names));
  EXPECT_FALSE(nearest("email", {}));
  EXPECT_FALSE(nearest(std::string(1 << 20, 'e'), names));
}

TEST(utf8, is_counted_in_characters) {
  EXPECT_EQ(utf8_characters(""), 0u);
  EXPECT_EQ(utf8_characters("abc"), 3u);
  EXPECT_EQ(utf8_characters("рокля"), 5u);
  EXPECT_EQ(utf8_characters("😀e\u0301"), 3u);
}

TEST(utf8, is_cut_between_characters) {
  EXPECT_EQ(utf8_first("рокля", 3), "рок");
  EXPECT_EQ(utf8_first("рокля", 0), "");
  EXPECT_EQ(utf8_first("рокля", 9), "рокля");
  EXPECT_EQ(utf8_prefix("рокля", 6), "рок");
  EXPECT_EQ(utf8_prefix("рокля", 7), "рок");
  EXPECT_EQ(utf8_prefix("рокля", 1), "");
  EXPECT_EQ(utf8_prefix("рокля", 10), "рокля");
  EXPECT_EQ(utf8_prefix("abc", 2), "ab");
}

TEST(utf8, that_is_none_has_an_end_too) {
  EXPECT_EQ(utf8_prefix(std::string(300, '\x80'), 256), "");
  EXPECT_EQ(utf8_first(std::string(300, '\x80'), 2).size(), 300u);
}

TEST(percent, encodes_all_but_unreserved) {
  EXPECT_EQ(percent_encode("a-Z_0.~"), "a-Z_0.~");
  EXPECT_EQ(percent_encode("a/b ?#%"), "a%2Fb%20%3F%23%25");
  EXPECT_EQ(percent_encode("роза"), "%D1%80%D0%BE%D0%B7%D0%B0");
  EXPECT_EQ(percent_encode("."), "%2E");
  EXPECT_EQ(percent_encode(".."), "%2E%2E");
  EXPECT_EQ(percent_encode("..."), "...");
}

TEST(percent, decodes_or_refuses) {
  EXPECT_EQ(percent_decode("a%2Fb%20"), "a/b ");
  EXPECT_EQ(percent_decode("%d1%80"), "р");
  EXPECT_EQ(percent_decode(""), "");
  for (const char* text : {"%", "%2", "a%", "%zz", "%2g", "%%41"})
    EXPECT_FALSE(percent_decode(text)) << text;
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(utf8, accepts_well_formed_text_only) {
  for (const char* text : {"", "plain", "Щ", "€", "😀", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_valid_utf8(text)) << text;
  const std::vector<std::string> wrong{"\x80",
                                       "\xc0\x80",
                                       "\xc1\xbf",
                                       "\xe0\x80\x80",
                                       "\xed\xa0\x80",
                                       "\xf0\x80\x80\x80",
                                       "\xf4\x90\x80\x80",
                                       "\xf5\x80\x80\x80",
                                       "\xff",
                                       "\xe2\x82",
                                       "\xd0"};
  for (const auto& text : wrong) {
    EXPECT_FALSE(is_valid_utf8(text));
    EXPECT_EQ(valid_utf8_prefix("ю" + text), "ю");
  }
}

TEST(text, small_things) {
  EXPECT_EQ(to_lower("AbÇ"), "abÇ");
  EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-type"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_EQ(trim(" \ta b\t "), "a b");
  EXPECT_EQ(trim(" \t"), "");
  EXPECT_EQ(digits_of("+359 (88) 12"), "3598812");
}

TEST(size, reads_and_writes_units) {
  EXPECT_EQ(parse_size("512KiB"), 512u << 10);
  EXPECT_EQ(parse_size("10GiB"), 10ull << 30);
  EXPECT_EQ(parse_size("17"), 17u);
  EXPECT_EQ(parse_size("0"), 0u);
  for (const char* text : {"", "KiB", "-1", "1.5MiB", "1 MiB", "1MB", "1mib", "99999999999GiB"})
    EXPECT_FALSE(parse_size(text)) << text;
  EXPECT_EQ(format_size(512u << 10), "512KiB");
  EXPECT_EQ(format_size(1'025), "1025");
  EXPECT_EQ(format_size(0), "0");
}

}  // namespace
}  // namespace cartrelay::base
