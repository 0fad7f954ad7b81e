#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

namespace cartrelay::event {
namespace {

using namespace samples;

TEST(json_text, is_what_was_sent_but_compact) {
  const std::string compact =
      R"({"specversion":"1.0","type":"order.cancelled","id":"Щ","source":"s","foo":1.50,"data":{"order":)"
      R"({"id":"1","total":10.50,"attributes":{"n":9007199254740993,"e":1E+2,"t":true,"l":["а",""]}}}})";
  EXPECT_EQ(one(compact).json, compact);
  std::string airy;
  for (const char c : compact)
    airy += std::string("{}[],:").find(c) == std::string::npos ? std::string(1, c)
                                                               : std::string("\n ") + c + "\t ";
  EXPECT_EQ(one(airy).json, compact);
}

TEST(json_text, always_says_its_version) {
  EXPECT_EQ(one(page_view()).json, R"({"specversion":"1.0",)" + page_view().substr(1));
  const auto behind =
      R"({"id":"1","source":"s","type":"page.viewed","data":{"page":{"url":"/"}},"specversion":"1.0"})";
  EXPECT_EQ(one(behind).json, behind);
}

TEST(json_text, spells_strings_with_the_fewest_escapes) {
  const auto event = one(good("escapes"));
  EXPECT_EQ(event.id, "Щ€😀 \" \\ / ok");
  EXPECT_EQ(event.data.page->url, "/a?b");
  EXPECT_EQ(event.data.customer->first_name, "tab\tand\nnewline \u00a0");
  EXPECT_THAT(event.json,
              testing::HasSubstr(R"({"specversion":"1.0","id":"Щ€😀 \" \\ / ok","source":"shop/bg")"));
  EXPECT_THAT(event.json, testing::HasSubstr("tab\\tand\\nnewline \u00a0"));
}

TEST(json_text, of_each_event_of_an_array_is_its_own) {
  const auto events = parse("[" + page_view() + ",  " + cancelled_order(R"(,"total":"1.0")") + "]");
  ASSERT_TRUE(events);
  EXPECT_EQ(events->at(0).json, one(page_view()).json);
  EXPECT_EQ(events->at(1).json, one(cancelled_order(R"(,"total":"1.0")")).json);
}

TEST(json_text, numbers_survive_as_they_were_written) {
  for (const char* number : {"19.99", "1.0", "-0", "9223372036854775808", "9007199254740993", "1e-7",
                             "1.999E1", "0.12345678901234567890123456789012345678"}) {
    const auto event = one(cancelled_order(std::string(R"(,"attributes":{"n":)") + number + "}"));
    EXPECT_THAT(event.json, testing::HasSubstr(std::string(R"("n":)") + number + "}")) << number;
    const auto* kept = std::get_if<base::number>(&event.data.order->attributes.at(0).second);
    ASSERT_NE(kept, nullptr);
    EXPECT_EQ(kept->text(), number);
  }
}

}  // namespace
}  // namespace cartrelay::event
