#include "tests/unit/sandbox/support.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace cartrelay::sandbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string item =
    R"({\"externalItemId\":\"200600\",\"name\":\"Super Device\",\"category\":\"devices\",\"quantity\":1,\"cost\":990,)"
    R"(\"url\":\"http:\/\/example.com\/item\/200600\",\"imageUrl\":\"http:\/\/example.com\/i.png\",\"description\":\"High\"})";
const std::string order = R"({"eventTypeKey":"orderCreated","keyValue":"380501234567","params":[
{"name":"phone","value":"380501234567"},{"name":"externalOrderId","value":"12345679"},
{"name":"externalCustomerId","value":"AV13760"},{"name":"totalCost","value":"258.0"},
{"name":"status","value":"INITIALIZED"},{"name":"date","value":"2020-05-14T10:11:00"},
{"name":"items","value":"[)" +
                          item + R"(]"},{"name":"products","value":"{\"array\":[)" + item + R"(]}"}]})";
const std::string contact = R"({"contacts":[{"firstName":"Ana","externalCustomerId":"AV13760",
"channels":[{"type":"sms","value":"380501234567"},{"type":"email","value":"Ana@example.com"}]}],"dedupeOn":"sms"})";

struct esputnik_test : testing::Test {
  counter_desk esputnik{"esputnik",
                        {{"Content-Type", "application/json"}, {"Authorization", "Basic dXNlcjprZXk="}}};

  answer post(const std::string& body) { return esputnik.send("POST", {"v1", "event"}, body); }
  answer import(const std::string& body) { return esputnik.send("POST", {"v1", "contacts"}, body); }
  answer site_event(const std::string& type, const std::string& params) {
    return post(R"({"eventTypeKey":")" + type + R"(","keyValue":"ana@example.com","params":[)" + params +
                R"({"name":"email","value":"ana@example.com"}]})");
  }
  std::string counters() { return counters_of(*esputnik.desk); }
};

TEST_F(esputnik_test, takes_the_documented_order_for_a_contact_it_knows) {
  EXPECT_EQ(import(contact).response.status, 200);
  const auto got = post(order);
  EXPECT_EQ(got.response.status, 200) << got.response.body;
  EXPECT_TRUE(got.notes.empty());
  const auto state = state_of(*esputnik.desk);
  EXPECT_EQ(at(state, {"orders", "12345679", "status"}).text, "INITIALIZED");
  EXPECT_EQ(at(state, {"orders", "12345679", "total_cost"}).text, "258.0");
  EXPECT_EQ(at(state, {"contacts", "phone:380501234567", "events", "orderCreated"}).text, "1");
}

TEST_F(esputnik_test, ignores_events_of_strangers_without_a_word) {
  const auto got = post(order);
  EXPECT_EQ(got.response.status, 200);
  EXPECT_THAT(got.notes, ElementsAre("ignored: the contact does not exist"));
  EXPECT_TRUE(at(state_of(*esputnik.desk), {"orders"}).members.empty());
  EXPECT_THAT(counters(), HasSubstr(R"("events":1,"ignored":1,"unknown_contact":1)"));
}

TEST_F(esputnik_test, knows_a_contact_by_any_of_its_names) {
  (void)import(contact);
  EXPECT_TRUE(site_event("pageViewed", R"({"name":"page","value":"{\"location\":\"https://example.com\"}"},)")
                  .notes.empty());
  EXPECT_TRUE(post(with(order, R"({"name":"phone","value":"380501234567"},)", "")).notes.empty())
      << "by customer id";
  EXPECT_THAT(post(with(order, R"({"name":"phone","value":"380501234567"},{"name":"externalOrderId")",
                        R"({"name":"phone","value":""},{"name":"externalOrderId")"))
                  .notes,
              ElementsAre());
}

TEST_F(esputnik_test, tells_parameters_apart_by_letter_case) {
  (void)import(contact);
  const auto got =
      post(with(order, R"({"name":"totalCost")",
                R"({"name":"Status","value":"x"},{"name":"TotalCost","value":"y"},{"name":"totalCost")"));
  EXPECT_EQ(got.response.status, 200) << got.response.body;
  EXPECT_EQ(at(state_of(*esputnik.desk), {"orders", "12345679", "total_cost"}).text, "258.0");
}

TEST_F(esputnik_test, takes_very_many_parameters) {
  (void)import(contact);
  std::string params;
  for (int i = 0; i < 100'000; ++i)
    params += fmt::format(R"({{"name":"a{}","value":"v"}},)", i);
  const auto many = with(order, R"({"name":"totalCost")", params + R"({"name":"totalCost")");
  EXPECT_EQ(post(many).response.status, 200);
  EXPECT_THAT(post(with(many, R"("a99999")", R"("a0")")).response.body, HasSubstr("stands twice"));
}

TEST_F(esputnik_test, ignores_an_order_that_lacks_what_is_required) {
  (void)import(contact);
  for (const std::string name : {"externalOrderId", "externalCustomerId", "totalCost", "status", "date"}) {
    const auto got = post(with(order, "\"" + name + "\"", "\"x" + name + "\""));
    EXPECT_EQ(got.response.status, 200);
    EXPECT_THAT(got.notes, ElementsAre(HasSubstr(name)));
  }
  EXPECT_TRUE(at(state_of(*esputnik.desk), {"orders"}).members.empty());
  EXPECT_THAT(counters(), HasSubstr(R"("ignored":5)"));
}

TEST_F(esputnik_test, an_order_goes_through_its_statuses) {
  (void)import(contact);
  const auto as = [&](std::string_view type, std::string_view status) {
    return post(with(with(order, "orderCreated", type), "INITIALIZED", status));
  };
  EXPECT_THAT(as("orderDelivered", "DELIVERED").notes, ElementsAre("ignored: the order does not exist"));
  (void)post(order);
  (void)as("orderUpdated", "IN_PROGRESS");
  (void)as("orderDelivered", "IN_PROGRESS");
  (void)as("orderCancelled", "CANCELLED");
  const auto record = at(state_of(*esputnik.desk), {"orders", "12345679"});
  EXPECT_EQ(to_json(at(record, {"history"})), R"(["INITIALIZED","IN_PROGRESS","DELIVERED","CANCELLED"])");
  EXPECT_EQ(at(record, {"events"}).text, "4");
}

TEST_F(esputnik_test, an_update_of_an_unknown_order_creates_it) {
  (void)import(contact);
  EXPECT_TRUE(post(with(order, "orderCreated", "orderUpdated")).notes.empty());
  EXPECT_THAT(
      post(with(with(with(order, "orderCreated", "orderUpdated"), "12345679", "2"), "totalCost", "cost"))
          .notes,
      ElementsAre(HasSubstr("totalCost")));
  EXPECT_EQ(at(state_of(*esputnik.desk), {"orders"}).members.size(), 1U);
}

struct esputnik_breach_test : esputnik_test, testing::WithParamInterface<breach> {};

TEST_P(esputnik_breach_test, is_refused) {
  (void)import(contact);
  const auto got = post(with(order, GetParam().from, GetParam().to));
  EXPECT_EQ(got.response.status, 400);
  EXPECT_THAT(std::string(parse_document(got.response.body)->text_of("message")),
              HasSubstr(std::string(GetParam().culprit)));
  EXPECT_TRUE(at(state_of(*esputnik.desk), {"orders"}).members.empty());
}

INSTANTIATE_TEST_SUITE_P(
    each, esputnik_breach_test,
    testing::Values(
        breach{R"("eventTypeKey":"orderCreated",)", "", "eventTypeKey is missing"},
        breach{R"("keyValue":"380501234567",)", "", "keyValue is missing"},
        breach{R"("258.0")", "258.0", "params[3].value must be a string"},
        breach{R"("258.0")", R"("2.58E2")", "params[totalCost]"},
        breach{R"("258.0")", R"("258,00")", "params[totalCost]"},
        breach{R"("INITIALIZED")", R"("NEW")", "params[status]"},
        breach{"2020-05-14T10:11:00", "2020-05-14T10:11:00.000Z", "params[date]"},
        breach{R"("phone","value":"380501234567")", R"("phone","value":"+380501234567")", "params[phone]"},
        breach{R"("externalOrderId")", R"("totalCost")", "stands twice"},
        breach{R"("externalOrderId")", R"("PHONE")", "stands twice"},
        breach{R"({"name":"phone",)", R"({"name":"phone","type":"x",)", "type is not known"},
        breach{R"({"name":"phone",)", "{", "params[0].name is missing"},
        breach{R"("value":"[{)", R"("value":"{)", "params[items]"},
        breach{R"(\"quantity\":1)", R"(\"quantity\":\"1\")", "quantity must be a number"},
        breach{R"(\"cost\":990)", R"(\"cost\":9.9E2)", "cost"},
        breach{R"({\"array\":)", R"({\"items\":)", "array is missing"},
        breach{R"({"eventTypeKey")", R"({"eventTime":1,"eventTypeKey")", "eventTime is not known"},
        breach{"}]}", "}]", "not valid JSON"}));

TEST_F(esputnik_test, holds_site_events_against_their_shapes) {
  (void)import(contact);
  const auto status = [&](const std::string& type, const std::string& name, const std::string& inner) {
    return site_event(type, R"({"name":"recycleStateId","value":"d59c6e6d-4123"},{"name":")" + name +
                                R"(","value":)" + base::json_string(inner) + "},")
        .response.status;
  };
  EXPECT_EQ(
      status("productViewed", "product", R"({"productId":"WS01","price":45.5,"isInStock":1,"size":["L"]})"),
      200);
  EXPECT_EQ(status("productViewed", "product", R"({"productId":"WS01","price":45.5,"isInStock":2})"), 400);
  EXPECT_EQ(status("productViewed", "product", R"({"productId":"WS01","color":"red"})"), 400);
  EXPECT_EQ(status("productViewed", "product", R"({"productId":"WS01","sizes":[5]})"), 400);
  EXPECT_EQ(status("productViewed", "product", R"({"productId":1})"), 400);
  EXPECT_EQ(status("productViewed", "product", R"({"productId":"WS01","price":4.55E1})"), 400);
  EXPECT_EQ(status("productViewed", "category", "{}"), 400);
  EXPECT_EQ(status("productCategoryViewed", "category", R"({"productCategoryId":"Mugs"})"), 200);
  EXPECT_EQ(status("productCategoryViewed", "category", R"({"id":"Mugs"})"), 400);
  EXPECT_EQ(status("pageViewed", "page", R"({"location":"app://home"})"), 200);
  EXPECT_EQ(status("pageViewed", "page", "https://example.com"), 400);
  EXPECT_EQ(status("pageViewed", "page", R"({"location":"app://home","title":"Home"})"), 400);
  EXPECT_EQ(status("productCategoryViewed", "category", R"({"productCategoryId":"Mugs","b":{}})"), 400);
  EXPECT_EQ(status("cartUpdated", "products", R"([{"productId":"WS01","quantity":1,"price":45.5}])"), 200);
  EXPECT_EQ(status("cartUpdated", "products", R"([{"productId":"WS01","price":45.5}])"), 400);
  EXPECT_EQ(
      status("cartUpdated", "products", R"([{"productId":"WS01","quantity":1,"price":1,"color":"red"}])"),
      400);
  EXPECT_EQ(status("cartUpdated", "products", "[]"), 400);
  EXPECT_EQ(status("cartUpdated", "currencyCode", "usd"), 400);
  EXPECT_EQ(site_event("cartUpdated", "").response.status, 400) << "no recycleStateId";
  EXPECT_THAT(site_event("somethingElse", "").notes, ElementsAre(HasSubstr("somethingElse")));
  EXPECT_EQ(
      to_json(at(state_of(*esputnik.desk), {"contacts", "phone:380501234567", "events"})),
      R"({"cartUpdated":1,"pageViewed":1,"productCategoryViewed":1,"productViewed":1,"somethingElse":1})");
}

TEST_F(esputnik_test, holds_contacts_against_their_shape) {
  for (const breach& one : {breach{R"("dedupeOn":"sms")", R"("dedupeOn":"id")", "dedupeOn"},
                            breach{R"(,"dedupeOn":"sms")", "", "dedupeOn is missing"},
                            breach{R"("380501234567")", R"("+380501234567")", "channels[0].value"},
                            breach{R"("Ana@example.com")", R"("Ana")", "channels[1].value"},
                            breach{R"("type":"sms")", R"("type":"phone")", "channels[0].type"},
                            breach{R"({"type":"sms","value":"380501234567"},)", "", "dedupeOn names"},
                            breach{R"("firstName")", R"("first")", "contacts[0].first is not known"}}) {
    const auto got = import(with(contact, one.from, one.to));
    EXPECT_EQ(got.response.status, 400) << one.from;
    EXPECT_THAT(got.response.body, HasSubstr(std::string(one.culprit)));
  }
  EXPECT_THAT(counters(), HasSubstr(R"("contacts_imported":0)"));
}

TEST_F(esputnik_test, wants_its_method_path_type_and_password) {
  const auto status = [&](std::string_view name, const std::string& text) {
    return esputnik.call_with("POST", {"v1", "event"}, order, esputnik.changed(name, text)).response.status;
  };
  EXPECT_EQ(status("Authorization", ""), 401);
  EXPECT_EQ(status("Authorization", "Bearer key"), 401);
  EXPECT_EQ(status("Authorization", "Basic dXNlcjo="), 401) << "no password";
  EXPECT_EQ(status("Authorization", "Basic ???"), 401);
  EXPECT_EQ(status("Content-Type", "text/plain"), 415);
  esputnik.settings.secret = "key";
  EXPECT_EQ(status("Content-Type", "application/json"), 200);
  esputnik.settings.secret = "another";
  EXPECT_EQ(status("Content-Type", "application/json"), 401);
  EXPECT_EQ(esputnik.send("GET", {"v1", "event"}).response.status, 405);
  EXPECT_EQ(esputnik.send("POST", {"v1", "events"}, order).response.status, 404);
}

}  // namespace
}  // namespace cartrelay::sandbox
