#include "admin/dead_letters.hpp"

#include "tests/unit/admin/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> ids(const boost::json::value& list) {
  std::vector<std::string> out;
  for (const auto& each : list.as_array())
    out.emplace_back(each.is_string() ? each.as_string() : each.at("id").as_string());
  return out;
}

std::vector<std::string> found(house& in, const std::string& query) {
  const auto answer = in.ask(get("/v1/dead-letters" + query));
  EXPECT_EQ(answer.status, 200) << answer.body;
  return ids(json(answer).at("dead_letters"));
}

/// Two destinations of which each has dead letters 2 (unmappable) and 3 (rejected by the vendor); 1 is no
/// concern.
class dead_letters_of_two : public ::testing::Test {
 protected:
  house house_{{house::releva("bg"), house::releva("gr-1")}};

  void SetUp() override {
    house_.shop.status = 404;
    house_.store(page_view("v"));
    house_.store(anonymous_order("e-2", "o-2"));
    house_.store(order_paid("e-3", "o-3"));
    house_.await_dead_letters("bg", 2);
    house_.await_dead_letters("gr-1", 2);
  }
};

TEST(dead_letters, there_are_none) {
  house house;
  EXPECT_EQ(house.ask(get("/v1/dead-letters")).body, R"({"dead_letters":[],"next_cursor":null})");
  EXPECT_EQ(house.ask(get("/v1/dead-letters?group=reason")).body, R"({"groups":[]})");
}

TEST_F(dead_letters_of_two, are_listed_by_destination_and_sequence) {
  EXPECT_THAT(found(house_, ""), ElementsAre("bg-2", "bg-3", "gr-1-2", "gr-1-3"));
  EXPECT_THAT(found(house_, "?destination=gr-1"), ElementsAre("gr-1-2", "gr-1-3"));
  EXPECT_THAT(found(house_, "?reason=unmappable"), ElementsAre("bg-2", "gr-1-2"));
  EXPECT_THAT(found(house_, "?destination=bg&reason=rejected"), ElementsAre("bg-3"));
  EXPECT_THAT(found(house_, "?reason=other"), ElementsAre());
  EXPECT_THAT(found(house_, "?before=2000-01-01T00:00:00Z"), ElementsAre());
}

TEST_F(dead_letters_of_two, come_in_pages) {
  const auto first = json(house_.ask(get("/v1/dead-letters?limit=3")));
  EXPECT_THAT(ids(first.at("dead_letters")), ElementsAre("bg-2", "bg-3", "gr-1-2"));
  ASSERT_TRUE(first.at("next_cursor").is_string());
  const auto cursor = std::string(first.at("next_cursor").as_string());
  const auto second = json(house_.ask(get("/v1/dead-letters?limit=3&cursor=" + cursor)));
  EXPECT_THAT(ids(second.at("dead_letters")), ElementsAre("gr-1-3"));
  EXPECT_TRUE(second.at("next_cursor").is_null());
}

TEST(dead_letters, of_large_events_fill_a_page_early_and_the_cursor_leads_on) {
  house house;
  for (int i = 1; i <= 7; ++i)
    house.store(large_order(std::to_string(i), "o-" + std::to_string(i)));
  house.await_dead_letters("releva", 7);
  const auto first = json(house.ask(get("/v1/dead-letters")));
  EXPECT_THAT(ids(first.at("dead_letters")),
              ElementsAre("releva-1", "releva-2", "releva-3", "releva-4", "releva-5"));
  const auto cursor = std::string(first.at("next_cursor").as_string());
  const auto second = json(house.ask(get("/v1/dead-letters?cursor=" + cursor)));
  EXPECT_THAT(ids(second.at("dead_letters")), ElementsAre("releva-6", "releva-7"));
  EXPECT_TRUE(second.at("next_cursor").is_null());
}

TEST_F(dead_letters_of_two, are_grouped_by_reason) {
  const auto groups = json(house_.ask(get("/v1/dead-letters?group=reason"))).at("groups").as_array();
  ASSERT_EQ(groups.size(), 4u);
  EXPECT_EQ(groups[0].at("destination"), "bg");
  EXPECT_EQ(groups[0].at("reason"), "rejected");
  EXPECT_EQ(groups[0].at("count"), 1);
  EXPECT_THAT(ids(groups[0].at("ids")), ElementsAre("bg-3"));
  EXPECT_EQ(groups[3].at("destination"), "gr-1");
  EXPECT_EQ(groups[3].at("reason"), "unmappable");
}

TEST_F(dead_letters_of_two, of_a_group_at_most_so_many_ids_are_listed) {
  house_.store(anonymous_order("e-4", "o-4"));
  house_.await_dead_letters("bg", 3);
  const auto groups =
      json(house_.ask(get("/v1/dead-letters?group=reason&destination=bg&reason=unmappable&limit=1")))
          .at("groups");
  EXPECT_EQ(groups.at(0).at("count"), 2);
  EXPECT_THAT(ids(groups.at(0).at("ids")), ElementsAre("bg-2"));
}

TEST_F(dead_letters_of_two, of_a_group_are_those_that_ended_before_its_bound) {
  house_.store(anonymous_order("e-4", "o-4"));
  house_.await_dead_letters("bg", 3);
  const auto group = json(house_.ask(get("/v1/dead-letters?group=reason&destination=bg&reason=unmappable")))
                         .at("groups")
                         .at(0);
  const auto which = "?destination=bg&reason=unmappable&before=";
  const auto before = std::string(group.at("before").as_string());
  EXPECT_THAT(found(house_, which + before), ElementsAre("bg-2", "bg-4"));
  const auto newest = base::parse_rfc3339(before).value() - std::chrono::microseconds(1);
  EXPECT_THAT(found(house_, which + base::format_rfc3339_micros(newest)), ElementsAre("bg-2"));
}

TEST(dead_letters, that_are_many_are_not_gathered_once_the_daemon_stops) {
  house house;
  for (int i = 1; i <= 30; ++i)
    house.store(anonymous_order(std::to_string(i), "o-" + std::to_string(i)));
  house.await_dead_letters("releva", 30);
  house.desk.enter(phase::stopping);
  const auto groups = house.ask(get("/v1/dead-letters?group=reason"));
  EXPECT_EQ(groups.status, 503);
  EXPECT_EQ(json(groups).at("reason"), "stopping");
  const auto page = json(house.ask(get("/v1/dead-letters?limit=30")));
  EXPECT_LT(ids(page.at("dead_letters")).size(), 30u);
  EXPECT_TRUE(page.at("next_cursor").is_string());
}

TEST_F(dead_letters_of_two, one_shows_its_evidence) {
  const auto answer = house_.ask(get("/v1/dead-letters/gr-1-3"));
  ASSERT_EQ(answer.status, 200);
  const auto letter = json(answer);
  EXPECT_EQ(letter.at("id"), "gr-1-3");
  EXPECT_EQ(letter.at("destination"), "gr-1");
  EXPECT_EQ(letter.at("sequence"), 3);
  EXPECT_EQ(letter.at("type"), "order.paid");
  EXPECT_EQ(letter.at("reason"), "rejected");
  EXPECT_EQ(letter.at("attempts").at("count"), 1);
  EXPECT_EQ(letter.at("request"), "POST https://vendor.example/carts");
  EXPECT_EQ(letter.at("answer").at("status"), 404);
  EXPECT_TRUE(letter.at("evidence").is_object());
  EXPECT_EQ(letter.at("event").at("id"), "e-3");
  EXPECT_EQ(answer.body.find("canary-secret"), std::string::npos);
  EXPECT_EQ(json(house_.ask(get("/v1/dead-letters"))).at("dead_letters").at(3), letter);
}

TEST_F(dead_letters_of_two, one_that_was_never_sent_has_no_answer) {
  const auto letter = json(house_.ask(get("/v1/dead-letters/bg-2")));
  EXPECT_EQ(letter.at("reason"), "unmappable");
  EXPECT_EQ(letter.at("attempts").at("count"), 0);
  EXPECT_FALSE(letter.as_object().contains("answer"));
}

TEST_F(dead_letters_of_two, of_what_is_not_there) {
  for (const char* id : {"bg-1", "bg-4", "bg-0", "bg", "other-2", "bg-x"})
    EXPECT_EQ(house_.ask(get(std::string("/v1/dead-letters/") + id)).status, 404) << id;
  EXPECT_EQ(house_.ask(get("/v1/dead-letters/bg-2?x=1")).status, 400);
}

TEST_F(dead_letters_of_two, what_cannot_be_asked) {
  for (const auto& [query, pointer] :
       {std::pair("?destination=gb", "?destination"), std::pair("?group=type", "?group"),
        std::pair("?limit=0", "?limit"), std::pair("?cursor=7", "?cursor"),
        std::pair("?cursor=bg-18446744073709551615", "?cursor"), std::pair("?since=x", "?since"),
        std::pair("?group=reason&cursor=bg-2", "?cursor")}) {
    const auto answer = house_.ask(get(std::string("/v1/dead-letters") + query));
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_THAT(pointers(answer), ElementsAre(pointer)) << query;
  }
}

}  // namespace
}  // namespace cartrelay::admin::testing
