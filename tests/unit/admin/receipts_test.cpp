#include "admin/receipts.hpp"

#include "tests/unit/admin/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::uint64_t> sequences(const boost::json::value& page) {
  std::vector<std::uint64_t> out;
  for (const auto& each : page.at("events").as_array())
    out.push_back(each.at("sequence").to_number<std::uint64_t>());
  return out;
}

std::vector<std::uint64_t> found(house& in, const std::string& query) {
  const auto answer = in.ask(get("/v1/events" + query));
  EXPECT_EQ(answer.status, 200) << answer.body;
  return sequences(json(answer));
}

TEST(receipts, of_an_empty_queue) {
  house house;
  EXPECT_EQ(house.ask(get("/v1/events")).body, R"({"events":[],"next_cursor":null})");
}

TEST(receipts, one_by_source_and_id) {
  house house;
  for (const char* id : {"a", "b"})
    house.store(page_view(id));
  const auto source = json(house.ask(get("/v1/events/2"))).at("event").at("source").as_string();
  const auto named = "?source=" + std::string(source) + "&id=";
  EXPECT_THAT(found(house, named + "a"), ElementsAre(1));
  EXPECT_THAT(found(house, named + "b&limit=500"), ElementsAre(2));
  EXPECT_EQ(house.ask(get("/v1/events" + named + "c")).body, R"({"events":[],"next_cursor":null})");
  for (const auto& query :
       {std::string("?id=a"), "?source=" + std::string(source), named + "a&order_id=1", named + "a&cursor=7"})
    EXPECT_EQ(house.ask(get("/v1/events" + query)).status, 400) << query;
  for (const std::string condition : {"order_id", "cart_id", "customer", "subject", "type", "destination",
                                      "state", "since", "until", "cursor"})
    EXPECT_THAT(house.ask(get("/v1/events" + named + "a&" + condition + "=1")).body,
                HasSubstr(R"({"pointer":"?)" + condition +
                          R"(","detail":"does not go with source and id, which name one event"})"));
}

TEST(receipts, newest_first) {
  house house;
  for (const char* id : {"a", "b", "c"})
    house.store(page_view(id));
  EXPECT_THAT(found(house, ""), ElementsAre(3, 2, 1));
}

TEST(receipts, pages_follow_one_another) {
  house house;
  for (int i = 1; i <= 60; ++i)
    house.store(page_view(std::to_string(i)));
  std::vector<std::uint64_t> all;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = json(house.ask(get("/v1/events?limit=26" + cursor)));
    for (const auto number : sequences(page))
      all.push_back(number);
    const auto& next = page.at("next_cursor");
    cursor = next.is_null() ? "" : "&cursor=" + std::string(next.as_string());
    ++pages;
  } while (!cursor.empty() && pages < 10);
  EXPECT_EQ(pages, 3);
  ASSERT_EQ(all.size(), 60u);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i], 60 - i);
}

TEST(receipts, a_page_of_large_events_ends_early_and_the_cursor_leads_on) {
  house house;
  for (int i = 1; i <= 7; ++i)
    house.store(large_order(std::to_string(i), "o"));
  const auto first = json(house.ask(get("/v1/events")));
  EXPECT_THAT(sequences(first), ElementsAre(7, 6, 5, 4, 3));
  const auto cursor = std::string(first.at("next_cursor").as_string());
  const auto second = json(house.ask(get("/v1/events?cursor=" + cursor)));
  EXPECT_THAT(sequences(second), ElementsAre(2, 1));
  EXPECT_TRUE(second.at("next_cursor").is_null());
}

TEST(receipts, of_what_can_be_no_number_are_not_there_like_others) {
  house house;
  house.store(page_view("1"));
  for (const char* path :
       {"/v1/events/2", "/v1/events/0", "/v1/events/0001", "/v1/events/99999999999999999999"})
    EXPECT_EQ(json(house.ask(get(path))).at("detail"), "no such event, or it is past its retention") << path;
}

TEST(receipts, end_their_page_early_once_the_daemon_stops) {
  house house;
  for (int i = 1; i <= 60; ++i)
    house.store(page_view(std::to_string(i)));
  house.desk.enter(phase::stopping);
  const auto page = json(house.ask(get("/v1/events?limit=60")));
  EXPECT_LT(sequences(page).size(), 60u);
  EXPECT_TRUE(page.at("next_cursor").is_string());
}

TEST(receipts, by_a_customer_with_a_plus_sign_or_a_space) {
  const auto of = [](const std::string& id, const std::string& customer) {
    return R"({"id":")" + id + R"(","source":"s","type":"page.viewed","data":{"customer":)" + customer +
           R"(,"page":{"url":"/"}}})";
  };
  house house;
  const auto address = house.store(of("1", R"({"email":"maria+shop@example.com"})"));
  const auto spaced = house.store(of("2", R"({"id":"c 17"})"));
  EXPECT_THAT(found(house, "?customer=maria+shop@example.com"), ElementsAre(address));
  EXPECT_THAT(found(house, "?customer=maria%2Bshop%40example.com"), ElementsAre(address));
  EXPECT_THAT(found(house, "?customer=c+17"), ElementsAre(spaced));
  EXPECT_THAT(found(house, "?customer=c%2017"), ElementsAre(spaced));
}

TEST(receipts, by_subject) {
  house house;
  auto about = page_view("1");
  about.insert(1, R"("subject":"Spring sale",)");
  const auto mine = house.store(about);
  house.store(page_view("2"));
  EXPECT_THAT(found(house, "?subject=Spring+sale"), ElementsAre(mine));
  EXPECT_THAT(found(house, "?subject=spring%20sale"), IsEmpty());
}

TEST(receipts, by_order_cart_and_customer) {
  house house;
  house.store(page_view("v"));
  const auto first = house.store(order_paid("e-1", "o-1"));
  const auto second = house.store(order_paid("e-2", "o-2"));
  EXPECT_THAT(found(house, "?order_id=o-1"), ElementsAre(first));
  EXPECT_THAT(found(house, "?cart_id=cart-o-2"), ElementsAre(second));
  EXPECT_THAT(found(house, "?customer=u-1"), ElementsAre(second, first));
  EXPECT_THAT(found(house, "?customer=a%40b.example"), ElementsAre(second, first));
  EXPECT_THAT(found(house, "?customer=%2B35912345678"), ElementsAre(second, first));
  EXPECT_THAT(found(house, "?customer=+35912345678"), ElementsAre(second, first));
  EXPECT_THAT(found(house, "?order_id=o-1&customer=u-1"), ElementsAre(first));
  EXPECT_THAT(found(house, "?order_id=o-1&cart_id=cart-o-2"), IsEmpty());
  EXPECT_THAT(found(house, "?order_id=o-3"), IsEmpty());
}

TEST(receipts, by_type_destination_state_and_time) {
  house house;
  const auto view = house.store(page_view("v"));
  const auto paid = house.store(order_paid("e-1", "o-1"));
  const auto dead = house.store(anonymous_order("e-2", "o-2"));
  house.await_dead_letters("releva", 1);
  house.await([&] { return house.status("releva").counts.delivered == 1; });
  EXPECT_THAT(found(house, "?type=page.viewed"), ElementsAre(view));
  EXPECT_THAT(found(house, "?destination=releva"), ElementsAre(dead, paid));
  EXPECT_THAT(found(house, "?state=delivered"), ElementsAre(paid));
  EXPECT_THAT(found(house, "?state=dead_letter&destination=releva"), ElementsAre(dead));
  EXPECT_THAT(found(house, "?state=retrying"), IsEmpty());
  EXPECT_THAT(found(house, "?since=2000-01-01T00:00:00Z&until=2100-01-01T00:00:00Z"),
              ElementsAre(dead, paid, view));
  EXPECT_THAT(found(house, "?until=2000-01-01T00:00:00Z"), IsEmpty());
  EXPECT_THAT(found(house, "?since=2100-01-01T00:00:00%2B02:00"), IsEmpty());
}

TEST(receipts, what_cannot_be_asked) {
  house house;
  for (const auto& [query, pointer] :
       {std::pair("?ordr_id=1", "?ordr_id"), std::pair("?state=lost", "?state"),
        std::pair("?type=order", "?type"), std::pair("?destination=relva", "?destination"),
        std::pair("?limit=501", "?limit"), std::pair("?cursor=x", "?cursor"),
        std::pair("?since=today", "?since")}) {
    const auto answer = house.ask(get(std::string("/v1/events") + query));
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_THAT(pointers(answer), ElementsAre(pointer)) << query;
  }
}

TEST(receipts, one_tells_what_became_of_the_event) {
  house house;
  house.store(order_paid("e-1", "o-1"));
  house.await([&] { return house.status("releva").counts.delivered == 1; });
  const auto answer = house.ask(get("/v1/events/1"));
  ASSERT_EQ(answer.status, 200);
  const auto receipt = json(answer);
  EXPECT_EQ(receipt.at("sequence"), 1);
  EXPECT_EQ(receipt.at("event").at("id"), "e-1");
  const auto& line = receipt.at("destinations").at(0);
  EXPECT_EQ(line.at("destination"), "releva");
  EXPECT_EQ(line.at("state"), "delivered");
  EXPECT_EQ(line.at("attempts").at("count"), 1);
  EXPECT_EQ(line.at("request"), "POST https://vendor.example/carts");
  EXPECT_EQ(line.at("answer").at("status"), 202);
  EXPECT_EQ(answer.body.find("canary-secret"), std::string::npos);
  EXPECT_EQ(json(house.ask(get("/v1/events"))).at("events").at(0), receipt);
}

TEST(receipts, of_an_event_that_is_tried_again) {
  house house;
  house.shop.status = 503;
  house.store(order_paid("e-1", "o-1"));
  house.await([&] { return house.status("releva").retrying == 1; });
  const auto line = json(house.ask(get("/v1/events/1"))).at("destinations").at(0);
  EXPECT_EQ(line.at("state"), "retrying");
  EXPECT_EQ(line.at("reason"), "http_503");
  EXPECT_TRUE(line.as_object().contains("next_attempt_at"));
}

TEST(receipts, of_an_event_whose_destination_is_held) {
  house house;
  house.shop.status = 429;
  house.shop.retry_after = "60";
  house.store(order_paid("e-1", "o-1"));
  house.await([&] { return house.status("releva").retrying == 1; });
  house.store(order_paid("e-2", "o-2"));
  const auto held = base::format_rfc3339_millis(house.status("releva").next_attempt_at.value());
  for (const char* path : {"/v1/events/1", "/v1/events/2"}) {
    const auto line = json(house.ask(get(path))).at("destinations").at(0).as_object();
    ASSERT_TRUE(line.contains("next_attempt_at")) << path;
    EXPECT_EQ(line.at("next_attempt_at").as_string(), held) << path;
  }
  EXPECT_EQ(house.ask(post("/v1/destinations/releva/pause", "")).status, 200);
  EXPECT_FALSE(
      json(house.ask(get("/v1/events/1"))).at("destinations").at(0).as_object().contains("next_attempt_at"))
      << "nobody knows when that is resumed";
}

TEST(receipts, of_what_is_not_there) {
  house house;
  for (const char* path : {"/v1/events/1", "/v1/events/0", "/v1/events/x", "/v1/events/18446744073709551616"})
    EXPECT_EQ(house.ask(get(path)).status, 404) << path;
  EXPECT_EQ(house.ask(get("/v1/events/1?x=1")).status, 400);
}

TEST(receipts, while_the_queue_stops) {
  house house;
  house.store(page_view("1"));
  house.log.close();
  for (const char* path : {"/v1/events", "/v1/events/1"}) {
    const auto answer = house.ask(get(path));
    EXPECT_EQ(answer.status, 503) << path;
    EXPECT_TRUE(answer.headers.find("Retry-After")) << path;
  }
}

}  // namespace
}  // namespace cartrelay::admin::testing
