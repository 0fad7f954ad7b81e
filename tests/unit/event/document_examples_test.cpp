#include "event/stored.hpp"
#include "tests/unit/event/samples.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cartrelay::event {
namespace {

using namespace samples;

/// The blocks of a Markdown file that are marked as JSON.
std::vector<std::string> json_blocks(const std::string& document) {
  const std::string opening = "\n```json\n", closing = "\n```\n";
  std::vector<std::string> out;
  for (auto at = document.find(opening); at != std::string::npos; at = document.find(opening, at)) {
    at += opening.size();
    out.push_back(document.substr(at, document.find(closing, at) - at));
  }
  return out;
}

TEST(document_examples, are_valid_and_show_every_type) {
  const auto blocks = json_blocks(read_file(std::filesystem::path(CARTRELAY_SOURCE_DIR) / "docs/events.md"));
  std::set<event_type> shown;
  for (const auto& block : blocks) {
    SCOPED_TRACE(block);
    const auto events = parse(block, encoding::structured);
    ASSERT_TRUE(events) << testing::PrintToString(in_words(events.error()));
    shown.insert(events->front().type);
    EXPECT_TRUE(decode(encode(events->front())));
  }
  EXPECT_EQ(shown.size(), all_event_types.size());
}

TEST(document_examples, of_faults_are_what_is_answered) {
  const auto words = refusal(
      R"({"id":"1","source":"s","type":"order.paid","data":{"customer":{"id":"c","emial":"a@example.com"},)"
      R"("order":{"id":"1","currency":"EUR","items":[]}}})");
  const auto document = read_file(std::filesystem::path(CARTRELAY_SOURCE_DIR) / "docs/events.md");
  ASSERT_EQ(words.size(), 2u);
  EXPECT_EQ(words[0], "/data/customer/emial: unknown member, did you mean \"email\"?");
  EXPECT_NE(
      document.find(
          R"({"pointer": "/data/customer/emial", "detail": "unknown member, did you mean \"email\"?"})"),
      std::string::npos);
  EXPECT_EQ(words[1], "/data/order/total: required");
  EXPECT_NE(document.find(R"({"pointer": "/data/order/total", "detail": "required"})"), std::string::npos);
}

}  // namespace
}  // namespace cartrelay::event
