#include "tests/unit/admin/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(preview, shows_the_requests_with_masked_secrets_and_sends_nothing) {
  house house;
  const auto answer = house.ask(post("/v1/preview", order_paid("e-1", "o-1")));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto shown = json(answer);
  ASSERT_EQ(shown.at("destinations").as_array().size(), 1u);
  const auto& one = shown.at("destinations").at(0);
  EXPECT_EQ(one.at("destination"), "releva");
  EXPECT_EQ(one.at("verdict"), "send");
  EXPECT_EQ(one.at("reason"), "");
  const auto& request = one.at("requests").at(0);
  EXPECT_EQ(request.at("method"), "POST");
  EXPECT_EQ(request.at("url"), "https://vendor.example/carts");
  EXPECT_EQ(request.at("headers").at("Content-Type"), "application/json");
  EXPECT_TRUE(request.at("headers").as_object().contains("Authorization"));
  EXPECT_THAT(std::string(request.at("body").as_string()), HasSubstr(R"("orderId":"o-1")"));
  EXPECT_THAT(answer.body, Not(HasSubstr("canary-secret")));
  EXPECT_TRUE(house.shop.got.empty());
  EXPECT_EQ(house.log.stats().events, 0u);
}

TEST(preview, says_why_nothing_would_be_sent) {
  house house;
  const auto one =
      json(house.ask(post("/v1/preview", anonymous_order("e-1", "o-1")))).at("destinations").at(0);
  EXPECT_EQ(one.at("verdict"), "unmappable");
  EXPECT_EQ(one.at("reason"), "unmappable");
  EXPECT_TRUE(one.at("requests").as_array().empty());
}

TEST(preview, of_an_event_that_nobody_wants) {
  house house;
  EXPECT_EQ(house.ask(post("/v1/preview", page_view("1"))).body, R"({"destinations":[]})");
}

TEST(preview, refuses_what_ingest_would_refuse) {
  house house;
  const auto answer =
      house.ask(post("/v1/preview", R"({"id":"1","source":"s","type":"order.payed","data":{}})"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(pointers(answer), ::testing::Contains("/type"));
  EXPECT_EQ(json(answer).at("detail"), "the request holds what is no valid event");
  EXPECT_EQ(house.ask(post("/v1/preview", "[" + page_view("1") + "," + page_view("2") + "]")).status, 413);
  EXPECT_EQ(house.ask(with(post("/v1/preview", page_view("1")), "Content-Type", "text/plain")).status, 415);
  EXPECT_EQ(house.ask(post("/v1/preview", "")).status, 415);
}

TEST(preview, knows_ingest_s_rules) {
  house house;
  auto event = page_view("1");
  event.insert(event.rfind("}}"), R"(,"extra":1)");
  EXPECT_EQ(house.ask(post("/v1/preview", event)).status, 400);
  event::options keeping;
  keeping.unknown = event::options::unknown_members::keep;
  house.desk.configure({}, keeping);
  EXPECT_EQ(house.ask(post("/v1/preview", event)).status, 200);
}

}  // namespace
}  // namespace cartrelay::admin::testing
