#include "event/stored.hpp"
#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

namespace cartrelay::event {
namespace {

using namespace samples;
using testing::ElementsAre;
using headers = std::vector<std::pair<std::string, std::string>>;

const headers usual{{"specversion", "1.0"}, {"id", "1"}, {"source", "shop/bg"}, {"type", "page.viewed"}};
constexpr std::string_view page = R"({ "page": {"url": "/"} })";

headers with(headers base, const headers& more) {
  base.insert(base.end(), more.begin(), more.end());
  return base;
}

boost::system::result<event, faults> parse_headers(const headers& attributes, std::string_view data) {
  return parse_binary(attributes, data, arrival(), {});
}

std::vector<std::string> refused(const headers& attributes, std::string_view data) {
  const auto read = parse_headers(attributes, data);
  return read ? std::vector<std::string>{} : in_words(read.error());
}

TEST(binary, headers_and_body_become_the_structured_form) {
  const auto read = parse_headers(
      with(usual, {{"time", "2026-03-15T14:22:00Z"}, {"subject", "Щ \"x\""}, {"shopversion", "7"}}), page);
  ASSERT_TRUE(read);
  EXPECT_EQ(
      read->json,
      R"({"specversion":"1.0","id":"1","source":"shop/bg","type":"page.viewed","time":"2026-03-15T14:22:00Z",)"
      R"("subject":"Щ \"x\"","shopversion":"7","data":{"page":{"url":"/"}}})");
  EXPECT_EQ(read->subject, "Щ \"x\"");
  EXPECT_EQ(read->received_at, arrival());
  ASSERT_EQ(read->extensions.size(), 1u);
  EXPECT_EQ(std::get<std::string_view>(read->extensions[0].second), "7");
  const auto again = decode(encode(*read));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->json, read->json);
  EXPECT_EQ(digest(*again), digest(*read));
}

TEST(binary, is_the_same_event_as_the_structured_form) {
  const auto read = parse_headers(usual, page);
  EXPECT_EQ(digest(*read), digest(one(page_view())));
}

TEST(binary, the_version_may_be_left_out_but_not_be_another) {
  const auto read = parse_headers({usual.begin() + 1, usual.end()}, page);
  ASSERT_TRUE(read);
  EXPECT_THAT(read->json, testing::StartsWith(R"({"specversion":"1.0","id":"1")"));
  EXPECT_THAT(refused({{"specversion", "2.0"}, usual[1], usual[2], usual[3]}, page),
              ElementsAre("/specversion: expected \"1.0\""));
}

TEST(binary, faults_point_into_the_event) {
  EXPECT_THAT(refused({{"id", ""}, {"type", "page.viewed"}}, R"({"page":{"ulr":"/"}})"),
              ElementsAre("/id: is empty", "/data/page/ulr: unknown member, did you mean \"url\"?",
                          "/data/page/url: required", "/source: required"));
  EXPECT_THAT(refused(usual, "[1]"), ElementsAre("/data: expected an object, got an array"));
  EXPECT_THAT(refused(usual, ""), ElementsAre("/data: no JSON value"));
  EXPECT_THAT(refused(usual, R"({"page":{"url":"/","url":"/"}})"),
              ElementsAre("/data/page/url: duplicate member"));
  EXPECT_THAT(refused(usual, R"([{"a":1,"a":2}])"),
              ElementsAre("/data/0/a: duplicate member", "/data: expected an object, got an array"));
}

TEST(binary, the_body_cannot_smuggle_attributes) {
  EXPECT_THAT(refused(usual, R"({"page":{"url":"/"}},"type":"order.paid")"),
              ElementsAre(testing::StartsWith("/data: not JSON")));
}

TEST(binary, attributes_that_no_event_has) {
  EXPECT_THAT(refused(with(usual, {{"data", "{}"}}), page),
              ElementsAre("/data: refused: data is the body of the request"));
  EXPECT_THAT(refused(with(usual, {{"data_base64", "e30="}}), page),
              ElementsAre("/data_base64: refused: data is the body of the request"));
  EXPECT_THAT(refused(with(usual, {{"id", "2"}}), page), ElementsAre("/id: duplicate member"));
  EXPECT_THAT(refused(with(usual, {{"subject", "\xff"}}), page), ElementsAre("/subject: not UTF-8"));
  EXPECT_THAT(refused(with(usual, {{"\xff", "x"}}), page), ElementsAre("/?: not UTF-8"));
  EXPECT_THAT(refused(with(usual, {{"subject", "a\r\nb"}}), page),
              ElementsAre("/subject: holds a control character"));
  EXPECT_THAT(
      refused(with(usual, {{"shop-id", "x"}}), page),
      ElementsAre("/shop-id: unknown member: the name of an extension attribute has 1 to 20 of a-z and 0-9"));
}

TEST(binary, what_was_refused_is_not_missing_too) {
  for (std::size_t which = 0; which < usual.size(); ++which) {
    auto attributes = usual;
    attributes[which].second = "\xff";
    EXPECT_THAT(refused(attributes, page), ElementsAre("/" + usual[which].first + ": not UTF-8"));
    EXPECT_EQ(parse_headers(attributes, page).error().kind, fault_kind::invalid);
  }
  EXPECT_THAT(refused({{"id", "\xff"}}, page),
              ElementsAre("/id: not UTF-8", "/source: required", "/type: required"));
  EXPECT_EQ(parse_headers({{"id", "\xff"}}, "{").error().kind, fault_kind::malformed);
}

TEST(binary, names_cannot_break_out_of_their_quotes) {
  const options keep{options::unknown_members::keep, {}};
  const auto read = parse_binary(with(usual, {{R"(a":1,"type)", "x"}}), page, arrival(), keep);
  ASSERT_TRUE(read);
  EXPECT_THAT(read->json, testing::HasSubstr(R"("a\":1,\"type":"x")"));
  EXPECT_EQ(decode(encode(*read))->type, event_type::page_viewed);
  EXPECT_FALSE(parse_binary(with(usual, {{"a\nb", "x"}}), page, arrival(), keep));
}

TEST(binary, counts_the_envelope_as_a_level) {
  options keep;
  keep.unknown = options::unknown_members::keep;
  const auto nested = [](std::size_t levels) {
    return R"({"page":{"url":"/"},"x":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  const auto deepest = parse_binary(usual, nested(30), arrival(), keep);
  ASSERT_TRUE(deepest);
  EXPECT_TRUE(decode(encode(*deepest)));
  EXPECT_FALSE(parse_binary(usual, nested(31), arrival(), keep));
}

}  // namespace
}  // namespace cartrelay::event
