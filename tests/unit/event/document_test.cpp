#include "event/document.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <memory_resource>

namespace cartrelay::event {
namespace {

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

std::vector<std::string> faults_of(std::string_view text) {
  document source;
  EXPECT_EQ(source.parse(text), nullptr) << text.substr(0, 80);
  std::vector<std::string> out;
  for (const auto& each : source.faults())
    out.push_back((each.index ? fmt::format("[{}] ", *each.index) : "") + each.pointer + ": " + each.detail);
  return out;
}

std::string compact(std::string_view text) {
  document source;
  const node* root = source.parse(text);
  EXPECT_NE(root, nullptr) << text;
  if (root == nullptr) return {};
  text_buffer out(0);
  append_compact(out, *root);
  return std::string(out.view());
}

TEST(document, keeps_numbers_and_order) {
  EXPECT_EQ(
      compact(
          R"( { "b" : [ 1.0 , -0 , 1E+2 , 19.99, 9223372036854775808, 1e-7 ] , "a" : { } , "c":[null,true,false] } )"),
      R"({"b":[1.0,-0,1E+2,19.99,9223372036854775808,1e-7],"a":{},"c":[null,true,false]})");
  EXPECT_EQ(compact("17"), "17");
  EXPECT_EQ(compact("\"x\""), "\"x\"");
}

TEST(document, keeps_strings) {
  EXPECT_EQ(compact(R"(["\u0429","\ud83d\ude00","\/","\"\\","\t\n","а"])"),
            R"(["Щ","😀","/","\"\\","\t\n","а"])");
  // Longer than the parser's own buffer, so that it comes in pieces, before and behind an escape.
  const std::string half(5'000, 'x');
  EXPECT_EQ(compact("[\"" + half + "\\u0041" + half + "\"]"), "[\"" + half + "A" + half + "\"]");
  EXPECT_EQ(compact("{\"" + half + "\\n\":1}"), "{\"" + half + "\\n\":1}");
}

TEST(document, marks_control_characters) {
  document source;
  const node* root = source.parse(R"(["plain","\t\n","\u0000","\r","DEL)"
                                  "\x7f"
                                  R"(","\u0085","nbsp)"
                                  "\u00a0"
                                  R"("])");
  ASSERT_NE(root, nullptr);
  std::vector<controls> found;
  for (const node& each : children(*root))
    found.push_back(each.text_controls);
  using enum controls;
  EXPECT_THAT(found, testing::ElementsAre(none, breaks, forbidden, forbidden, forbidden, forbidden, none));
  EXPECT_EQ(root->first->next->next->text, std::string_view("\0", 1));
}

TEST(document, is_32_levels_deep_at_most) {
  const auto deepest = "{\"a\":" + nested(31) + "}";
  EXPECT_EQ(compact(deepest), deepest);
  std::string pointer;
  for (int level = 0; level < 31; ++level)
    pointer += "/0";
  EXPECT_THAT(faults_of("{\"a\":" + nested(32) + "}"),
              testing::ElementsAre("/a" + pointer.substr(2) + ": nested deeper than 32 levels"));
  EXPECT_THAT(faults_of(nested(100'000)), testing::SizeIs(1));
  document shallow;
  EXPECT_EQ(shallow.parse(R"({"a":[[]]})", document::max_elements, 2), nullptr);
}

TEST(document, an_array_as_the_root_is_no_level) {
  EXPECT_EQ(compact(nested(33)), nested(33));
  std::string pointer;
  for (int level = 0; level < 31; ++level)
    pointer += "/0";
  EXPECT_THAT(faults_of("[1," + nested(33) + "]"),
              testing::ElementsAre("[1] " + pointer + ": nested deeper than 32 levels"));
}

TEST(document, refuses_duplicates_among_few_and_many) {
  std::string many = "{";
  for (int i = 0; i < 1'000; ++i)
    many += fmt::format(R"("m{}":{},)", i, i);
  EXPECT_EQ(compact(many + R"("last":1})").size(), many.size() + 9);
  EXPECT_THAT(faults_of(many + R"("m7":1,"m999":2,"m7":3})"),
              testing::ElementsAre("/m7: duplicate member", "/m999: duplicate member"));
  EXPECT_THAT(faults_of(R"({"":1,"":2})"), testing::ElementsAre("/: duplicate member"));
  EXPECT_THAT(faults_of(R"([{"a":1,"a":2},{"b":{"c":1,"c":1}}])"),
              testing::ElementsAre("[0] /a: duplicate member", "[1] /b/c: duplicate member"));
}

TEST(document, names_that_share_a_first_letter_and_length_are_no_duplicates) {
  EXPECT_EQ(compact(R"({"ab":1,"ac":2,"ad":3,"a":4})"), R"({"ab":1,"ac":2,"ad":3,"a":4})");
}

TEST(document, refuses_what_is_not_utf8) {
  for (const std::string_view bytes :
       {"\x80", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xff", "\xd0", "\xe2\x82"}) {
    EXPECT_THAT(faults_of("[\"" + std::string(bytes) + "\"]"),
                testing::ElementsAre(testing::HasSubstr("not UTF-8 (line 1, byte 3)")));
    EXPECT_THAT(faults_of("{\n\"ю" + std::string(bytes) + "\":1}"),
                testing::ElementsAre(testing::HasSubstr("not UTF-8 (line 2, byte 4)")));
  }
}

TEST(document, says_where_the_text_breaks) {
  EXPECT_THAT(faults_of("{\n  \"a\": 1,\n  \"b\" 2\n}"),
              testing::ElementsAre(testing::HasSubstr("line 3, byte 7")));
  EXPECT_THAT(faults_of("\xef\xbb\xbf{}"), testing::ElementsAre(testing::HasSubstr("byte order mark")));
}

TEST(document, reports_a_hundred_faults_at_most) {
  std::string many = "[0";
  for (int i = 0; i < 500; ++i)
    many += ",1e999";
  EXPECT_THAT(faults_of(many + "]"), testing::SizeIs(max_faults));
}

TEST(document, counts_elements_beyond_the_limit_without_keeping_them) {
  std::string zeros = "[0";
  for (int i = 1; i < 5'000; ++i)
    zeros += ",[{}]";
  zeros += "]";
  document source;
  const node* root = source.parse("{\"a\":" + zeros + "}");
  ASSERT_NE(root, nullptr);
  EXPECT_EQ(root->first->size, 5'000u);
  std::size_t kept = 0;
  for (const node& each : children(*root->first))
    kept += each.next == nullptr || each.next != &each ? 1 : 0;
  EXPECT_EQ(kept, document::max_elements);
  document few;
  const node* outermost = few.parse(zeros, 10);
  ASSERT_NE(outermost, nullptr);
  EXPECT_EQ(outermost->size, 5'000u);
}

/// What is asked for beyond the document's own room.
class counting_resource final : public std::pmr::memory_resource {
 public:
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    bytes_ += bytes;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* what, std::size_t bytes, std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(what, bytes, alignment);
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::size_t bytes_ = 0;
};

TEST(document, spends_no_memory_on_elements_beyond_the_limit) {
  counting_resource memory;
  auto* const before = std::pmr::set_default_resource(&memory);
  {
    std::string zeros = "[0";
    for (int i = 1; i < 200'000; ++i)
      zeros += i % 2 == 0 ? ",0" : ",[[0]]";
    document source;
    ASSERT_NE(source.parse(zeros + "]"), nullptr);
  }
  std::pmr::set_default_resource(before);
  EXPECT_LT(memory.bytes(), std::size_t{1} << 20);
}

}  // namespace
}  // namespace cartrelay::event
