#include "event/document.hpp"
#include "event/stored.hpp"
#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

#include <set>

namespace cartrelay::event {
namespace {

using namespace samples;

TEST(corpus, good_events_are_taken_in_every_way_that_fits) {
  std::set<event_type> seen;
  for (const auto& path : files(corpus() / "good")) {
    SCOPED_TRACE(path);
    const auto text = read_file(path);
    const auto single = one(text);
    seen.insert(single.type);
    EXPECT_EQ(single.received_at, arrival());
    const auto array = parse("[" + text + "," + text + "]");
    ASSERT_TRUE(array);
    ASSERT_EQ(array->size(), 2u);
    EXPECT_EQ(array->back().json, single.json);
    const auto line = parse("\n" + std::string(single.json) + "\r\n", encoding::ndjson);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->front().json, single.json);  // what is stored is read as the same again
    const auto structured = parse(single.json, encoding::structured);
    ASSERT_TRUE(structured);
    EXPECT_EQ(digest(structured->front()), digest(single));
  }
  EXPECT_EQ(seen.size(), all_event_types.size()) << "a type without a good event";
}

std::string compact(const node& value) {
  text_buffer out(1'024);
  append_compact(out, value);
  return std::string(out.view());
}

struct expectation {
  std::string pointer, detail;
};

std::vector<expectation> expectations(const node& list) {
  std::vector<expectation> out;
  for (const node& each : children(list))
    out.push_back({std::string(find(each, "pointer")->text), std::string(find(each, "detail")->text)});
  return out;
}

void expect_faults(const faults& refused, const std::vector<expectation>& expected,
                   std::optional<std::size_t> index) {
  ASSERT_EQ(refused.list.size(), expected.size()) << testing::PrintToString(in_words(refused));
  for (std::size_t at = 0; at < expected.size(); ++at) {
    EXPECT_EQ(refused.list[at].pointer, expected[at].pointer);
    EXPECT_THAT(refused.list[at].detail, testing::HasSubstr(expected[at].detail));
    EXPECT_EQ(refused.list[at].index, index);
  }
}

void check_event(const std::string& body, const std::vector<expectation>& expected) {
  const auto alone = parse(body);
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().kind, fault_kind::invalid);
  expect_faults(alone.error(), expected, std::nullopt);
  const auto second = parse("[" + page_view() + "," + body + "," + page_view() + "]");
  ASSERT_FALSE(second) << "an array was taken in part";
  expect_faults(second.error(), expected, 1);
}

void check_text(std::string_view body, const std::vector<expectation>& expected) {
  const auto alone = parse(body);
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().kind, fault_kind::malformed);
  expect_faults(alone.error(), expected, std::nullopt);
}

TEST(corpus, bad_events_are_refused_with_every_fault_in_its_place) {
  std::size_t cases = 0;
  for (const auto& path : files(corpus() / "bad")) {
    const auto text = read_file(path);
    document source;
    const node* list = source.parse(text);
    ASSERT_NE(list, nullptr) << path << source.faults().front().detail;
    for (const node& each : children(*list)) {
      SCOPED_TRACE(path.filename().string() + ": " + std::string(find(each, "why")->text));
      const auto expected = expectations(*find(each, "faults"));
      ASSERT_FALSE(expected.empty());
      if (const node* event = find(each, "event"))
        check_event(compact(*event), expected);
      else if (const node* event_text = find(each, "event_text"))
        check_event(std::string(event_text->text), expected);
      else
        check_text(find(each, "text")->text, expected);
      ++cases;
    }
  }
  EXPECT_GT(cases, 180u);
}

}  // namespace
}  // namespace cartrelay::event
