#include "sandbox/fault.hpp"

#include "http/wire_script.hpp"
#include "sandbox/misbehave.hpp"
#include "tests/unit/sandbox/support.hpp"

#include <gmock/gmock.h>

namespace cartrelay::sandbox {
namespace {

using testing::HasSubstr;

fault fault_of(const std::string& json) {
  violations found;
  fault made = read_fault(*parse_document(json), found);
  EXPECT_TRUE(found.empty()) << sentence(found);
  return made;
}

http::request order_request(const std::string& order_id) {
  return make_request("POST", "/rokt/v1/Cart/confirm", R"({"orderId":")" + order_id + R"("})", {});
}

http::response vendor_answer() {
  http::response made = http::json_response(202, "{\"ok\":true}");
  return made;
}

TEST(fault, matches_what_it_names) {
  fault_book book(1);
  ASSERT_NE(book.add(fault_of(R"({"vendor":"rokt","instance":"b","match":{"order_id":"7","method":"POST",
      "path_contains":"confirm","body_contains":"orderId"},"action":"reset"})")),
            nullptr);
  EXPECT_NE(book.strike("rokt", "b", order_request("7")), nullptr);
  EXPECT_EQ(book.strike("rokt", "b", order_request("77")), nullptr);
  EXPECT_EQ(book.strike("rokt", "", order_request("7")), nullptr);
  EXPECT_EQ(book.strike("releva", "b", order_request("7")), nullptr);
  auto other = order_request("7");
  other.method = "PUT";
  EXPECT_EQ(book.strike("rokt", "b", other), nullptr);
}

TEST(fault, is_spent_after_its_times_and_the_next_has_its_turn) {
  fault_book book(1);
  (void)book.add(fault_of(R"({"vendor":"rokt","action":"status","status":500,"times":2})"));
  (void)book.add(fault_of(R"({"vendor":"rokt","action":"hang"})"));
  std::vector<std::uint64_t> ids;
  for (int i = 0; i < 4; ++i)
    ids.push_back(book.strike("rokt", "", order_request("1"))->id);
  EXPECT_THAT(ids, testing::ElementsAre(1, 1, 2, 2));
  EXPECT_TRUE(book.remove(2));
  EXPECT_FALSE(book.remove(2));
  EXPECT_EQ(book.strike("rokt", "", order_request("1")), nullptr);
}

TEST(fault, strikes_about_as_often_as_its_probability) {
  fault_book book(7);
  (void)book.add(fault_of(R"({"vendor":"rokt","action":"reset","probability":0.25})"));
  int struck = 0;
  for (int i = 0; i < 1'000; ++i)
    struck += book.strike("rokt", "", order_request("1")) != nullptr ? 1 : 0;
  EXPECT_GT(struck, 200);
  EXPECT_LT(struck, 300);
}

TEST(fault, the_book_is_bounded) {
  fault_book book(1);
  for (std::size_t i = 0; i < fault_book::most; ++i) {
    ASSERT_NE(book.add(fault_of(R"({"vendor":"rokt","action":"reset","times":1})")), nullptr);
  }
  EXPECT_EQ(book.add(fault_of(R"({"vendor":"rokt","action":"hang"})")), nullptr);
  EXPECT_NE(book.strike("rokt", "", order_request("1")), nullptr);
  EXPECT_NE(book.add(fault_of(R"({"vendor":"rokt","action":"hang"})")), nullptr) << "the spent one made room";
}

TEST(fault, refuses_what_it_cannot_do) {
  for (const std::string json :
       {R"({"action":"reset"})", R"({"vendor":"amazon","action":"reset"})", R"({"vendor":"rokt"})",
        R"({"vendor":"rokt","action":"explode"})", R"({"vendor":"rokt","action":"status","status":600})",
        R"({"vendor":"rokt","action":"status","status":100})",
        R"({"vendor":"rokt","action":"status","headers":{"a b":"c"}})",
        R"({"vendor":"rokt","action":"status","headers":{"a":"b\r\nc: d"}})",
        R"({"vendor":"rokt","action":"reset","probability":1.5})",
        R"({"vendor":"rokt","action":"delay","delay_ms":-1})",
        R"({"vendor":"rokt","action":"reset","match":{"order":"7"}})",
        R"({"vendor":"rokt","action":"reset","typo":1})", "[]"}) {
    violations found;
    (void)read_fault(*parse_document(json), found);
    EXPECT_FALSE(found.empty()) << json;
  }
}

TEST(spoil, status_stands_in_for_the_answer) {
  const auto got =
      spoil(fault_of(R"({"vendor":"rokt","action":"status","status":429,"headers":{"Retry-After":"2"},
      "body":"slow down"})"),
            vendor_answer());
  EXPECT_EQ(got.response.status, 429);
  EXPECT_EQ(got.response.headers.find("retry-after"), "2");
  EXPECT_EQ(got.response.body, "slow down");
  EXPECT_EQ(spoil(fault_of(R"({"vendor":"rokt","action":"status"})"), {}).response.status, 503);
}

TEST(spoil, delay_only_delays) {
  const auto got = spoil(fault_of(R"({"vendor":"rokt","action":"delay","delay_ms":250})"), vendor_answer());
  EXPECT_EQ(got.pause.count(), 250);
  EXPECT_EQ(got.response.body, vendor_answer().body);
}

TEST(spoil, connections_end_as_they_should) {
  const auto script = [](const std::string& action) {
    return *spoil(fault_of(R"({"vendor":"rokt","delay_ms":7,"action":")" + action + "\"}"), vendor_answer())
                .response.script;
  };
  using ending = http::wire_script::ending;
  EXPECT_EQ(script("hang").last, ending::hold);
  EXPECT_EQ(script("reset").last, ending::reset);
  EXPECT_TRUE(script("reset").steps.empty());
  std::string dripped;
  for (const auto& step : script("drip").steps) {
    EXPECT_EQ(step.pause.count(), 7);
    EXPECT_EQ(step.bytes.size(), 1U);
    dripped += step.bytes;
  }
  EXPECT_THAT(dripped, testing::StartsWith("HTTP/1.1 202"));
  EXPECT_THAT(dripped, testing::EndsWith("{\"ok\":true}"));
  const auto truncated = script("truncate");
  EXPECT_EQ(truncated.steps.at(0).bytes, dripped.substr(0, dripped.size() - 6));
  EXPECT_EQ(truncated.last, ending::close);
  EXPECT_THAT(script("garbage").steps.at(0).bytes, testing::Not(testing::StartsWith("HTTP/")));
}

TEST(spoil, a_flood_is_as_large_as_asked) {
  EXPECT_EQ(spoil(fault_of(R"({"vendor":"rokt","action":"flood","bytes":100000})"), {}).response.body.size(),
            100'000U);
}

TEST(spoil, half_a_batch_is_answered_as_asked_or_as_the_vendor_would) {
  EXPECT_EQ(spoil(fault_of(R"({"vendor":"rokt","action":"half_batch"})"), vendor_answer()).response.status,
            202);
  EXPECT_EQ(spoil(fault_of(R"({"vendor":"rokt","action":"half_batch","status":500})"), vendor_answer())
                .response.status,
            500);
}

TEST(spoil, the_vendor_acts_when_asked_or_needed) {
  const auto reaches = [](const std::string& members) {
    return reaches_vendor(fault_of(R"({"vendor":"rokt",)" + members + "}"));
  };
  for (const std::string action : {"status", "hang", "reset", "garbage", "flood"}) {
    EXPECT_FALSE(reaches(R"("action":")" + action + "\"")) << action;
    EXPECT_TRUE(reaches(R"("after_processing":true,"action":")" + action + "\"")) << action;
  }
  for (const std::string action : {"delay", "drip", "truncate", "half_batch"}) {
    EXPECT_TRUE(reaches(R"("action":")" + action + "\"")) << action;
  }
}

}  // namespace
}  // namespace cartrelay::sandbox
