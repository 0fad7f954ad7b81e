#include "event/syntax.hpp"

#include <boost/url/parse.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cartrelay::event::syntax {
namespace {

TEST(syntax, languages) {
  for (const char* text : {"bg", "en-GB", "zh-Hant-TW", "sr-Latn-RS", "es-419", "de-CH-1996", "en-x-shop",
                           "BG", "x-private", "X-a", "i-klingon"})
    EXPECT_TRUE(is_language(text)) << text;
  for (const char* text : {"", "b", "bg_BG", "-", "bg-", "1a", "languages", "bg-toolongsub", "б", "x", "i-",
                           "x-toolongsub", "a-b"})
    EXPECT_FALSE(is_language(text)) << text;
}

TEST(syntax, uri_references) {
  for (const char* text : {"shop/bg", "https://shop.example/bg?a=b#c", "urn:shop:1", "//host", "?q", "#f",
                           "a%20b", "mailto:a@b.c", "http://[::1]/", "http://h:80", "http://h:/", "//h:8?q"})
    EXPECT_TRUE(is_uri_reference(text)) << text;
  for (const char* text : {"a b", "a%2", "a%zz", "щ", "a\"b", "<a>", "a\\b", "#a#b", "1:b", "a|b",
                           "http://[::1/", "http://h:port/", "//h:8a", "http://[::1]:p"})
    EXPECT_FALSE(is_uri_reference(text)) << text;
}

TEST(syntax, a_parser_agrees_about_plain_paths) {
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; i < texts.size() && texts[i].size() < 5; ++i)
    for (const char c : {'a', 'Z', '0', '/', '-', '.', '_', '~'})
      texts.push_back(texts[i] + c);
  for (const auto& text : texts) {
    EXPECT_TRUE(is_uri_reference(text)) << text;
    EXPECT_TRUE(boost::urls::parse_uri_reference(text).has_value()) << text;
  }
}

TEST(syntax, names_of_attributes) {
  EXPECT_TRUE(is_attribute_name("a1"));
  EXPECT_TRUE(is_attribute_name("abcdefghij0123456789"));
  for (const char* text : {"", "A", "a_b", "a-b", "abcdefghij01234567890", "é"})
    EXPECT_FALSE(is_attribute_name(text)) << text;
}

}  // namespace
}  // namespace cartrelay::event::syntax
