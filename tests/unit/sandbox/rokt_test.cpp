#include "tests/unit/sandbox/support.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace cartrelay::sandbox {
namespace {

using testing::HasSubstr;

const std::string sample = R"({"cartId":"1580265846172","orderId":"1580265885747","items":[
{"cartItemId":"30d0a389","catalogItemId":"parkwhiz_quote.84118520","quantity":1,"currency":"CAD",
"unitPrice":10,"totalPrice":10,"itemReservationId":"reservation.1"}]})";

struct rokt_test : testing::Test {
  counter_desk rokt{"rokt",
                    {{"Content-Type", "application/json"},
                     {"Accept", "application/json"},
                     {"rokt-api-key", "skeletonkey"},
                     {"rokt-tag-id", "253_439d21r"},
                     {"rokt-session-id", "ca75f48-ebbd"},
                     {"Accept-Language", "en-US"}}};
  std::vector<std::string> path{"v1", "Cart", "confirm"};

  answer post(const std::string& body) { return rokt.send("POST", path, body); }
  int status_with(std::string_view name, const std::string& text) {
    return rokt.call_with("POST", path, sample, rokt.changed(name, text)).response.status;
  }
};

TEST_F(rokt_test, confirms_each_item) {
  const auto got = post(sample);
  ASSERT_EQ(got.response.status, 200);
  const auto body = *parse_document(got.response.body);
  EXPECT_EQ(body.text_of("cartId"), "1580265846172");
  ASSERT_EQ(at(body, {"items"}).elements.size(), 1U);
  const auto item = at(body, {"items"}).elements[0];
  EXPECT_EQ(item.text_of("cartItemId"), "30d0a389");
  EXPECT_EQ(item.text_of("itemReservationId"), "reservation.1");
  EXPECT_TRUE(at(item, {"success"}).truth);
  EXPECT_THAT(std::string(item.text_of("itemConfirmationUrl")),
              testing::EndsWith(std::string(item.text_of("itemConfirmationId"))));
}

/// As in document_test: each of them asked for by its name took longer than a test may.
TEST_F(rokt_test, takes_very_many_attributes) {
  for (const auto& [given, status] : {std::pair("\"v\"", 200), std::pair("1", 400)}) {
    std::string attributes;
    for (int i = 0; i < 300'000; ++i)
      attributes += fmt::format("{}\"a{}\":{}", i == 0 ? "" : ",", i, given);
    const auto body = with(sample, "{\"cartId\"", "{\"attributes\":{" + attributes + "},\"cartId\"");
    EXPECT_EQ(post(body).response.status, status);
  }
}

TEST_F(rokt_test, counts_double_fulfilment) {
  const auto first = *parse_document(post(sample).response.body);
  const auto second = *parse_document(post(sample).response.body);
  EXPECT_NE(at(first, {"items"}).elements[0].text_of("itemConfirmationId"),
            at(second, {"items"}).elements[0].text_of("itemConfirmationId"));
  EXPECT_THAT(counters_of(*rokt.desk),
              HasSubstr(R"("items_confirmed":2,"items_refused":0,"double_fulfilments":1)"));
  EXPECT_EQ(at(state_of(*rokt.desk), {"items", "reservation.1/30d0a389", "confirmations"}).text, "2");
}

struct rokt_breach_test : rokt_test, testing::WithParamInterface<breach> {};

TEST_P(rokt_breach_test, is_refused) {
  const auto got = post(with(sample, GetParam().from, GetParam().to));
  EXPECT_EQ(got.response.status, 400);
  const auto body = *parse_document(got.response.body);
  EXPECT_FALSE(body.text_of("description").empty());
  ASSERT_FALSE(at(body, {"errors"}).elements.empty());
  const auto error = at(body, {"errors"}).elements[0];
  EXPECT_THAT(std::string(error.text_of("message")), HasSubstr(std::string(GetParam().culprit)));
  EXPECT_TRUE(at(error, {"value"}).is(value::kind::object));
}

INSTANTIATE_TEST_SUITE_P(
    each, rokt_breach_test,
    testing::Values(
        breach{R"("cartId":"1580265846172",)", "", "cartId is missing"},
        breach{R"("1580265885747")", "1580265885747", "orderId must be a string"},
        breach{R"("cartItemId":"30d0a389",)", "", "items[0].cartItemId is missing"},
        breach{R"(,"itemReservationId":"reservation.1")", "", "items[0].itemReservationId is missing"},
        breach{R"("quantity":1)", R"("quantity":"1")", "items[0].quantity"},
        breach{R"("quantity":1)", R"("quantity":0)", "items[0].quantity"},
        breach{R"("unitPrice":10)", R"("unitPrice":"10")", "items[0].unitPrice"},
        breach{R"("unitPrice":10)", R"("unitPrice":1E1)", "items[0].unitPrice"},
        breach{R"("totalPrice":10,)", "", "items[0].totalPrice is missing"},
        breach{R"("CAD")", R"("cad")", "items[0].currency"},
        breach{R"({"cartId")", R"({"attributes":{"a":1},"cartId")", "attributes.a must be a string"},
        breach{R"({"cartId")", R"({"payPalOrderId":1,"cartId")", "payPalOrderId must be a string"},
        breach{R"("catalogItemId")", R"("catalog")", "items[0].catalog is not known"},
        breach{R"("items":[)", R"("items":[null,)", "items[0] must be an object"},
        breach{"}]}", "}]", "not valid JSON"}));

TEST_F(rokt_test, what_is_well_formed_and_wrong_is_unprocessable) {
  EXPECT_EQ(post(with(sample, R"("quantity":1)", R"("quantity":2)")).response.status, 422);
  EXPECT_EQ(post(with(with(sample, R"("unitPrice":10)", R"("unitPrice":3.35)"), R"("quantity":1)",
                      R"("quantity":3)"))
                .response.status,
            422);
  EXPECT_EQ(post(with(with(with(sample, R"("unitPrice":10)", R"("unitPrice":3.35)"), R"("quantity":1)",
                           R"("quantity":3)"),
                      R"("totalPrice":10)", R"("totalPrice":10.05)"))
                .response.status,
            200);
}

TEST_F(rokt_test, an_item_named_twice_is_unprocessable) {
  const auto items = sample.find('[') + 1;
  const auto item = sample.substr(items, sample.rfind(']') - items);
  const auto got = post(with(sample, item, item + "," + item));
  EXPECT_EQ(got.response.status, 422);
  EXPECT_THAT(got.response.body, HasSubstr("items[1].cartItemId stands twice"));
  EXPECT_EQ(post(with(sample, item, item + "," + with(item, "30d0a389", "another"))).response.status, 200);
}

TEST_F(rokt_test, a_sum_has_as_many_digits_as_it_needs) {
  const auto status = [&](std::string_view unit, std::string_view quantity, std::string_view total) {
    const auto priced = with(sample, R"("unitPrice":10,"totalPrice":10)",
                             fmt::format(R"("unitPrice":{},"totalPrice":{})", unit, total));
    return post(with(priced, R"("quantity":1)", fmt::format(R"("quantity":{})", quantity))).response.status;
  };
  EXPECT_EQ(status("0.1234", "0.125", "0.015425"), 200);
  EXPECT_EQ(status("999999999999", "1000", "999999999999000"), 200);
  EXPECT_EQ(status("999999999999.9999", "12345678901234567890", "12345678901234566655432109876543.2110"),
            200);
  EXPECT_EQ(status("0.50", "0.00002", "0.00001"), 200);
  EXPECT_EQ(status("2.50", "2", "5.00"), 200);
  EXPECT_EQ(status("0.1234", "0.125", "0.0154"), 422);
  EXPECT_EQ(status("0.1234", "0.125", "1.5425E-2"), 400);
  EXPECT_EQ(status("0", "3", "0.0"), 200);
}

TEST_F(rokt_test, wants_its_headers) {
  EXPECT_EQ(status_with("rokt-api-key", ""), 401);
  EXPECT_EQ(status_with("rokt-tag-id", ""), 400);
  EXPECT_EQ(status_with("rokt-session-id", ""), 400);
  EXPECT_EQ(status_with("Content-Type", "text/json"), 400);
  EXPECT_EQ(status_with("Accept", "text/html"), 400);
  EXPECT_EQ(status_with("Accept", ""), 200);
  EXPECT_EQ(status_with("Accept-Language", "en_US"), 400);
  rokt.settings.secret = "another";
  EXPECT_EQ(status_with("Accept", "application/json"), 401);
  EXPECT_EQ(rokt.send("GET", path).response.status, 405);
  EXPECT_EQ(rokt.send("POST", {"v1", "cart", "confirm"}, sample).response.status, 404);
}

TEST_F(rokt_test, an_order_without_items_needs_no_session) {
  const std::string empty = R"({"cartId":"c","orderId":"o","items":[]})";
  const auto got = rokt.call_with("POST", path, empty, rokt.changed("rokt-session-id", ""));
  EXPECT_EQ(got.response.status, 200);
  EXPECT_EQ(got.response.body, empty);
}

TEST_F(rokt_test, items_are_refused_or_left_out_on_request) {
  const auto refused = *parse_document(post(with(sample, "reservation.1", "refused.1")).response.body);
  EXPECT_FALSE(at(refused, {"items"}).elements.at(0).find("success")->truth);
  const auto missing = *parse_document(post(with(sample, "reservation.1", "missing.1")).response.body);
  EXPECT_TRUE(at(missing, {"items"}).elements.empty());
  rokt.only_half = true;
  const auto half = *parse_document(post(sample).response.body);
  EXPECT_FALSE(at(half, {"items"}).elements.at(0).find("success")->truth);
  EXPECT_THAT(counters_of(*rokt.desk), HasSubstr(R"("items_confirmed":0,"items_refused":3)"));
}

}  // namespace
}  // namespace cartrelay::sandbox
