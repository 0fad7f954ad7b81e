#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

namespace cartrelay::event {
namespace {

using namespace samples;
using testing::ElementsAre;

const std::string versioned = page_view(R"("specversion":"1.0",)");

fault_kind kind_of(std::string_view body, encoding how = encoding::json) {
  const auto events = parse(body, how);
  EXPECT_FALSE(events);
  return events ? fault_kind{} : events.error().kind;
}

std::string repeated(const std::string& one, std::size_t times, const std::string& between) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += (i == 0 ? "" : between) + one;
  return out;
}

TEST(encoding, plain_json_is_one_event_or_an_array) {
  EXPECT_EQ(parse(page_view())->size(), 1u);
  EXPECT_EQ(parse("[" + page_view() + "]")->size(), 1u);
  EXPECT_EQ(parse(" [" + page_view() + " , " + versioned + "] ")->size(), 2u);
  for (const char* body : {"null", "1", "\"x\"", "true", "[1]", "[null]", "[[]]", "[]", "{}"})
    EXPECT_EQ(kind_of(body), fault_kind::invalid) << body;
  EXPECT_THAT(refusal("[1]"), ElementsAre("[0] : expected an object, got a number"));
  EXPECT_THAT(refusal("null"), ElementsAre(": null is refused: expected an object"));
  EXPECT_THAT(refusal("[]"), ElementsAre(": an array without events"));
}

TEST(encoding, structured_is_one_event_with_its_version) {
  EXPECT_EQ(parse(versioned, encoding::structured)->size(), 1u);
  EXPECT_THAT(refusal(page_view(), encoding::structured), ElementsAre("/specversion: required"));
  EXPECT_EQ(kind_of("[" + versioned + "]", encoding::structured), fault_kind::invalid);
}

TEST(encoding, batch_is_an_array_with_a_version_each) {
  EXPECT_EQ(parse("[" + versioned + "," + versioned + "]", encoding::batch)->size(), 2u);
  EXPECT_THAT(refusal("[" + versioned + "," + page_view() + "]", encoding::batch),
              ElementsAre("[1] /specversion: required"));
  EXPECT_EQ(kind_of(versioned, encoding::batch), fault_kind::invalid);
  EXPECT_EQ(kind_of("[]", encoding::batch), fault_kind::invalid);
}

TEST(encoding, ndjson_is_one_event_a_line) {
  const auto events = parse("\n" + page_view() + "\r\n \t\n" + versioned + "\n\n", encoding::ndjson);
  ASSERT_TRUE(events);
  EXPECT_EQ(events->size(), 2u);
  EXPECT_EQ(parse(page_view(), encoding::ndjson)->size(), 1u);
  EXPECT_THAT(refusal("", encoding::ndjson), ElementsAre(": no events"));
  EXPECT_THAT(refusal("\n \r\n", encoding::ndjson), ElementsAre(": no events"));
}

TEST(encoding, ndjson_counts_events_and_reports_all_of_them) {
  const std::string body =
      page_view() + "\n\n{\"id\":\"\"}\n" + page_view() + "\n{oops\n[" + page_view() + "]\n";
  const auto events = parse(body, encoding::ndjson);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().kind, fault_kind::malformed);  // one line is not even JSON
  EXPECT_THAT(
      in_words(events.error()),
      ElementsAre("[1] /id: is empty", "[1] /source: required", "[1] /type: required", "[1] /data: required",
                  testing::StartsWith("[3] : not JSON"), "[4] : expected an object, got an array"));
}

TEST(encoding, ndjson_names_the_line_of_what_only_a_document_can_know) {
  auto twice = page_view();
  twice.insert(1, R"("id":"1",)");
  EXPECT_THAT(refusal(page_view() + "\n" + twice, encoding::ndjson),
              ElementsAre("[1] /id: duplicate member"));
  const auto lines = page_view() + "\n\n \r\n" + page_view() + "\n{\"id\" 1}\n\n{oops\n";
  EXPECT_THAT(refusal(lines, encoding::ndjson),
              ElementsAre(testing::HasSubstr("(line 5, byte 7)"), testing::HasSubstr("(line 7, byte 2)")));
}

TEST(encoding, a_fault_of_the_text_hides_none_of_another_event) {
  auto endless = page_view(R"("n":1e400,)");
  const auto body = "[" + endless + R"(,{"id":""},)" + page_view() + "]";
  EXPECT_THAT(refusal(body),
              ElementsAre("[0] /n: not a finite number", "[1] /id: is empty", "[1] /source: required",
                          "[1] /type: required", "[1] /data: required"));
}

TEST(encoding, more_events_than_allowed_are_refused_as_a_whole) {
  const auto lines = repeated(page_view(), max_events, "\n");
  EXPECT_EQ(parse("[" + repeated(page_view(), max_events, ",") + "]")->size(), max_events);
  EXPECT_EQ(parse(lines, encoding::ndjson)->size(), max_events);
  EXPECT_EQ(kind_of("[" + repeated(page_view(), max_events + 1, ",") + "]"), fault_kind::too_many);
  EXPECT_EQ(kind_of("[" + repeated("0", 200'000, ",") + "]"), fault_kind::too_many);
  EXPECT_EQ(kind_of("[" + repeated(versioned, max_events + 1, ",") + "]", encoding::batch),
            fault_kind::too_many);
  EXPECT_EQ(kind_of(lines + "\n" + page_view(), encoding::ndjson), fault_kind::too_many);
  EXPECT_THAT(refusal(repeated("{}", 101, "\n"), encoding::ndjson),
              ElementsAre(": 101 events, at most 100 may come in one request"));
}

TEST(encoding, a_hundred_faults_are_enough) {
  EXPECT_EQ(refusal("[" + repeated("{}", 90, ",") + "]").size(), max_faults);
  EXPECT_EQ(refusal(repeated("{", 90, "\n"), encoding::ndjson).size(), 90u);
}

TEST(encoding, an_event_may_be_as_deep_among_others_as_alone) {
  const options keep{options::unknown_members::keep, {}};
  const auto deep = [](std::size_t levels) {  // with the event's own
    return page_view(R"("specversion":"1.0","x":)" + std::string(levels - 1, '[') +
                     std::string(levels - 1, ']') + ",");
  };
  for (const auto how : {encoding::json, encoding::structured, encoding::ndjson})
    EXPECT_TRUE(parse(deep(32), how, keep));
  for (const auto how : {encoding::json, encoding::batch}) {
    EXPECT_TRUE(parse("[" + page_view(R"("specversion":"1.0",)") + "," + deep(32) + "]", how, keep));
    EXPECT_THAT(refusal("[" + deep(33) + "]", how, keep),
                ElementsAre(testing::AllOf(testing::StartsWith("[0] /x/0/0"),
                                           testing::EndsWith(": nested deeper than 32 levels"))));
  }
}

TEST(encoding, nothing_of_a_body_is_taken_when_its_last_event_is_bad) {
  EXPECT_THAT(refusal("[" + repeated(page_view(), 99, ",") + ",{\"id\":1}]"),
              ElementsAre("[99] /id: expected a string, got a number", "[99] /source: required",
                          "[99] /type: required", "[99] /data: required"));
}

}  // namespace
}  // namespace cartrelay::event
