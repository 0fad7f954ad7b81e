#include "admin/customers.hpp"

#include "tests/unit/admin/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using kind = queue::customer_key::kind;

http::request erase(const std::string& query) {
  auto what = get("/v1/customers" + query);
  what.method = "DELETE";
  return what;
}

TEST(customers, exactly_one_identifier_says_who) {
  const auto id = parse_customer("id=c-17");
  EXPECT_FALSE(id.refused);
  EXPECT_EQ(id.who.by, kind::id);
  EXPECT_EQ(id.who.value, "c-17");
  EXPECT_EQ(parse_customer("email=maria%40example.com").who.by, kind::email);
  const auto phone = parse_customer("phone=+359881234567");
  EXPECT_FALSE(phone.refused);
  EXPECT_EQ(phone.who.by, kind::phone);
}

TEST(customers, a_bare_plus_sign_is_one_where_no_space_can_be_meant) {
  EXPECT_EQ(parse_customer("email=maria+shop@example.com").who.value, "maria+shop@example.com");
  EXPECT_EQ(parse_customer("email=maria%2Bshop%40example.com").who.value, "maria+shop@example.com");
  EXPECT_EQ(parse_customer("id=a%20b").who.value, "a b");
  EXPECT_EQ(parse_customer("id=a%2Bb").who.value, "a+b");
  const auto ambiguous = parse_customer("id=a+b");
  ASSERT_TRUE(ambiguous.refused);
  EXPECT_EQ(ambiguous.refused->status, 400);
  EXPECT_THAT(ambiguous.refused->body, HasSubstr("write %20 or %2B"));
}

TEST(customers, anything_else_is_refused_without_repeating_it) {
  for (const char* query :
       {"", "id=", "id=a&email=b%40c", "phone=CANARY", "phone=12", "name=CANARY", "id=a&id=b", "id=%ff"}) {
    const auto choice = parse_customer(query);
    ASSERT_TRUE(choice.refused) << query;
    EXPECT_EQ(choice.refused->status, 400) << query;
    EXPECT_THAT(choice.refused->body, Not(HasSubstr("CANARY"))) << query;
  }
  EXPECT_TRUE(parse_customer("id=" + std::string(256, 'x')).refused);
  EXPECT_TRUE(parse_customer("email=" + std::string(256, 'x')).refused);
}

TEST(customers, whatever_an_event_may_hold_says_who) {
  EXPECT_EQ(parse_customer("email=notanemail-1").who.value, "notanemail-1");
  EXPECT_EQ(parse_customer("email=%20").who.value, " ");
  std::string long_id;  // 255 characters in 510 bytes
  for (int i = 0; i < 255; ++i)
    long_id += "%D1%8F";
  for (const char* name : {"id=", "email="})
    EXPECT_FALSE(parse_customer(name + long_id).refused) << name;
}

TEST(customers, are_erased_with_a_report) {
  house house;
  house.shop.status = 404;
  house.store(order_paid("1", "1"));
  house.await_dead_letters("releva", 1);
  const auto receipt = json(house.ask(get("/v1/events/1")));
  const auto& customer = receipt.at("event").at("data").at("customer").as_object();
  const auto& [name, value] = *customer.begin();
  const auto query = "?" + std::string(name) + "=" + std::string(value.as_string());
  const auto answer = house.ask(erase(query));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            R"({"erased":{"events":1,"receipts":0,"dead_letters":1,"pending_discarded":0,"vendor_state":0},)"
            R"("files_clean":true,"reason":"","set_aside":[]})");
  EXPECT_EQ(house.ask(get("/v1/events/1")).status, 404);
  EXPECT_EQ(house.status("releva").counts.discarded, 1u);
  EXPECT_THAT(house.ask(erase(query)).body, HasSubstr(R"("events":0)"));
}

TEST(customers, a_body_has_nothing_to_say) {
  house house;
  auto what = erase("?id=c-17");
  what.body = R"({"id":"c-17"})";
  what.headers.add("Content-Length", std::to_string(what.body.size()));
  what.headers.add("Content-Type", "application/json");
  EXPECT_EQ(house.ask(what).status, 400);
}

TEST(customers, strangers_and_other_methods_are_refused) {
  house house;
  EXPECT_EQ(house.ask(erase("?id=c-17"), this_machine).status, 401);
  EXPECT_EQ(house.ask(erase("?id=c-17"), other_machine).status, 401);
  EXPECT_EQ(house.ask(get("/v1/customers?id=c-17")).status, 405);
  EXPECT_EQ(house.ask(post("/v1/customers?id=c-17")).status, 405);
}

}  // namespace
}  // namespace cartrelay::admin::testing
