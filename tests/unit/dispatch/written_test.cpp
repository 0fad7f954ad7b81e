#include "dispatch/written.hpp"

#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

std::string hidden(std::string text, std::string_view secret = "k3y/a+b=\"c\" d") {
  replace_written(text, secret, "***");
  return text;
}

TEST(written, finds_a_secret_as_it_is) {
  EXPECT_EQ(hidden(R"(the key k3y/a+b="c" d is wrong, k3y/a+b="c" d)"), "the key *** is wrong, ***");
  EXPECT_EQ(hidden("nothing of it, and k3y/a is too little"), "nothing of it, and k3y/a is too little");
  EXPECT_EQ(hidden("anything", ""), "anything");
}

TEST(written, finds_it_as_json_writes_it) {
  EXPECT_EQ(hidden(R"({"key":"k3y/a+b=\"c\" d"})"), R"({"key":"***"})");
  EXPECT_EQ(hidden(R"({"key":"k3y\/a+b=\"c\" d"})"), R"({"key":"***"})");
  EXPECT_EQ(hidden(R"({"key":"\u006b3y\u002fa\u002Bb\u003d\u0022c\u0022 d"})"), R"({"key":"***"})");
  EXPECT_EQ(hidden(R"({"words":"{\"key\":\"k3y\\\/a+b=\\\"c\\\" d\"}"})"),
            R"({"words":"{\"key\":\"***\"}"})");
}

TEST(written, finds_it_as_a_url_and_a_page_write_it) {
  EXPECT_EQ(hidden("?key=k3y%2Fa%2bb%3D%22c%22%20d&x"), "?key=***&x");
  EXPECT_EQ(hidden("?key=k3y%2Fa%2bb%3D%22c%22+d&x"), "?key=***&x");
  EXPECT_EQ(hidden("?key=k3y%252Fa%252bb%253D%2522c%2522%2520d&x"), "?key=***&x");
  EXPECT_EQ(hidden("<b>k3y/a+b=&quot;c&#34; d</b>"), "<b>***</b>");
  EXPECT_EQ(hidden("<b>k3y&#x2F;a+b&#x3d;&quot;c&quot; d</b>"), "<b>***</b>");
}

TEST(written, finds_one_that_holds_what_escapes_begin_with) {
  EXPECT_EQ(hidden(R"(a\\b and a\\\\b)", R"(a\\b)"), "*** and ***");
  EXPECT_EQ(hidden("a%b, a%25b, a&b, a&amp;b", "a%b"), "***, ***, a&b, a&amp;b");
  EXPECT_EQ(hidden("a&b, a&amp;b, a%26b", "a&b"), "***, ***, ***");
}

TEST(written, finds_its_beginning_where_a_text_was_cut) {
  EXPECT_EQ(hidden("key: k3y/a+b="), "key: ***");
  EXPECT_EQ(hidden(R"({"key":"k3y\/a+b=\)"), R"({"key":"***)");
  EXPECT_EQ(hidden("?key=k3y%2Fa%2b"), "?key=***");
  EXPECT_EQ(hidden("?key=k3y%2Fa%2bb%3"), "?key=***");
  EXPECT_EQ(hidden("key: k3y/a"), "key: k3y/a") << "which says little";
}

TEST(written, takes_no_longer_for_a_text_made_of_escapes) {
  const std::string slashes(1 << 20, '\\'), percents(1 << 20, '%');
  EXPECT_EQ(hidden(slashes), slashes);
  EXPECT_EQ(hidden(percents + "25"), percents + "25");
}

}  // namespace
}  // namespace cartrelay::dispatch
