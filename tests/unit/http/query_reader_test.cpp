#include "http/query_reader.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace cartrelay::http::testing {
namespace {

using ::testing::ElementsAre;

/// `pointer detail` of each fault; nothing if the query was taken.
std::vector<std::string> faults(query_reader& asked) {
  std::vector<std::string> out;
  const auto refused = asked.finish();
  if (!refused) return out;
  EXPECT_EQ(refused->status, 400);
  const auto body = boost::json::parse(refused->body);
  for (const auto& each : body.at("errors").as_array())
    out.push_back(std::string(each.at("pointer").as_string()) + " " +
                  std::string(each.at("detail").as_string()));
  return out;
}

TEST(query_reader, reads_what_is_there) {
  query_reader asked("name=a%20b&limit=7&since=2026-11-21T10%3A00%3A00Z&state=two&empty=");
  constexpr std::array<std::string_view, 2> words{"one", "two"};
  EXPECT_EQ(asked.text("name"), "a b");
  EXPECT_EQ(asked.text("absent"), std::nullopt);
  EXPECT_EQ(asked.text("empty"), std::nullopt);
  EXPECT_EQ(asked.count("limit", 50, 500), 7u);
  EXPECT_EQ(asked.count("other", 50, 500), 50u);
  EXPECT_EQ(asked.time("since"), base::parse_rfc3339("2026-11-21T10:00:00Z"));
  EXPECT_EQ(asked.choice("state", words), 1u);
  EXPECT_THAT(faults(asked), ElementsAre());
}

TEST(query_reader, a_plus_sign_in_an_offset_needs_no_escape) {
  query_reader asked("since=2026-11-21T12:00:00+02:00");
  EXPECT_EQ(asked.time("since"), base::parse_rfc3339("2026-11-21T10:00:00Z"));
}

TEST(query_reader, a_plus_sign_is_a_space_or_one_or_refused) {
  query_reader asked("name=a+b&address=maria+shop%40example.com&id=a+b&other=a%20b%2Bc");
  EXPECT_EQ(asked.text("name"), "a b");
  EXPECT_EQ(asked.literal("address"), "maria+shop@example.com");
  EXPECT_EQ(asked.exact("other"), "a b+c");
  static_cast<void>(asked.exact("id"));
  EXPECT_EQ(asked.exact("absent"), std::nullopt);
  EXPECT_THAT(faults(asked), ElementsAre("?id a bare + may mean a space or a plus sign: write %20 or %2B"));
}

TEST(query_reader, a_short_query_gets_no_long_answer) {
  std::string many;
  for (int i = 0; i < 2'000; ++i)
    many += std::to_string(i) + "&";
  query_reader asked(many);
  EXPECT_EQ(faults(asked).size(), 100u);
}

TEST(query_reader, all_faults_are_told_together) {
  constexpr std::array<std::string_view, 2> words{"pending", "delivered"};
  query_reader asked("limit=0&since=yesterday&state=delivred&ordr_id=7");
  static_cast<void>(asked.text("order_id"));
  EXPECT_EQ(asked.count("limit", 50, 500), 50u);
  EXPECT_FALSE(asked.time("since"));
  EXPECT_FALSE(asked.choice("state", words));
  EXPECT_THAT(faults(asked),
              ElementsAre("?limit expected 1 to 500",
                          "?since expected a date and time with offset, such as 2026-11-21T10:00:00Z",
                          "?state \"delivred\" is unknown, did you mean \"delivered\"?",
                          "?ordr_id \"ordr_id\" is unknown, did you mean \"order_id\"?"));
}

TEST(query_reader, counts) {
  for (const char* query :
       {"limit=0", "limit=501", "limit=-1", "limit=1x", "limit=%201", "limit=99999999999999999999"}) {
    query_reader asked(query);
    static_cast<void>(asked.count("limit", 50, 500));
    EXPECT_THAT(faults(asked), ElementsAre("?limit expected 1 to 500")) << query;
  }
}

TEST(query_reader, nothing_is_guessed_of_what_is_ambiguous) {
  query_reader twice("a=1&a=2");
  static_cast<void>(twice.text("a"));
  EXPECT_THAT(faults(twice), ElementsAre("?a given twice"));
  query_reader escape("a=%2");
  EXPECT_THAT(faults(escape), ElementsAre("? the query holds a malformed escape"));
  query_reader bytes("a=%ff");
  static_cast<void>(bytes.text("a"));
  EXPECT_THAT(faults(bytes), ElementsAre("?a not UTF-8"));
}

TEST(query_reader, where_nothing_is_asked_for) {
  query_reader none("x=1");
  EXPECT_THAT(faults(none), ElementsAre("?x nothing is asked for here"));
  query_reader empty("");
  EXPECT_THAT(faults(empty), ElementsAre());
}

TEST(query_reader, a_name_that_is_no_text) {
  query_reader asked("%ff=1");
  EXPECT_THAT(faults(asked), ElementsAre("? the query holds a name that is not UTF-8"));
}

}  // namespace
}  // namespace cartrelay::http::testing
