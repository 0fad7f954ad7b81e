#include "destinations/rokt/kind.hpp"
#include "sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations {
namespace {

using test::answer;
using test::compact;
using test::header;
using test::make_event;
using test::paid;
using test::plain_item;
using test::rokt_item;
using testing::ElementsAre;
using testing::HasSubstr;

class rokt_body : public testing::Test {
 protected:
  std::unique_ptr<destination> rokt_ = test::make_destination(test::rokt_options());

  http::request request_of(const event::event_ptr& what) {
    return test::run(*rokt_, {{what, ""}}, {answer(503)}).requests.at(0);
  }
};

TEST_F(rokt_body, is_the_vendors_sample) {
  const auto request = request_of(make_event("order.paid", R"({
    "customer": {"id": "7", "language": "en-CA"},
    "refs": {"rokt": {"session_id": "ca75f48-ebbd-4d8e-83c3-fdd70893294d"}},
    "order": {
      "id": "1580265885747", "cart_id": "1580265846172", "currency": "CAD", "total": "10",
      "items": [{"product_id": "parking", "unit_price": "10", "refs": {"rokt": {
        "cart_item_id": "30d0a389-5f63-4e20-9553-13ff40f8b11c",
        "catalog_item_id": "parkwhiz_quote.84118520",
        "reservation_id": "rokt_item_reservation_id.63a94103-75da-4d71-8c14-84674d286b98"}}}]
    }
  })"));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "https://vendor.example/v1/Cart/confirm");
  EXPECT_EQ(header(request, "rokt-api-key"), "s3cret");
  EXPECT_EQ(header(request, "rokt-tag-id"), "253_439");
  EXPECT_EQ(header(request, "rokt-session-id"), "ca75f48-ebbd-4d8e-83c3-fdd70893294d");
  EXPECT_EQ(header(request, "Accept-Language"), "en-CA");
  EXPECT_EQ(header(request, "Content-Type"), "application/json");
  EXPECT_EQ(header(request, "Accept"), "application/json");
  EXPECT_EQ(request.body, compact(R"({
    "cartId": "1580265846172",
    "orderId": "1580265885747",
    "items": [{
      "cartItemId": "30d0a389-5f63-4e20-9553-13ff40f8b11c",
      "catalogItemId": "parkwhiz_quote.84118520",
      "quantity": 1,
      "currency": "CAD",
      "unitPrice": 10,
      "totalPrice": 10,
      "itemReservationId": "rokt_item_reservation_id.63a94103-75da-4d71-8c14-84674d286b98"
    }]
  })"));
}

TEST_F(rokt_body, holds_the_items_that_rokt_has_a_part_in) {
  const auto body =
      request_of(paid(plain_item() + "," + rokt_item(1) + "," + plain_item() + "," + rokt_item(2))).body;
  EXPECT_EQ(body.find("book"), std::string::npos);
  EXPECT_THAT(body, HasSubstr(R"("cartItemId":"ci-1")"));
  EXPECT_THAT(body, HasSubstr(R"("cartItemId":"ci-2")"));
  EXPECT_EQ(body.find("catalogItemId"), std::string::npos);
}

TEST_F(rokt_body, names_an_items_own_currency_before_that_of_the_order) {
  auto own = rokt_item(1);
  own.insert(1, R"("currency":"USD",)");
  const auto body = request_of(paid(own + "," + rokt_item(2))).body;
  EXPECT_THAT(body, HasSubstr(R"("cartItemId":"ci-1","quantity":1,"currency":"USD")"));
  EXPECT_THAT(body, HasSubstr(R"("cartItemId":"ci-2","quantity":1,"currency":"EUR")"));
}

TEST_F(rokt_body, multiplies_exactly) {
  const std::array<std::array<const char*, 3>, 5> cases{{{"10.50", "3", "31.5"},
                                                         {"0.1", "3", "0.3"},
                                                         {"19.99", "0.5", "9.995"},
                                                         {"999999999999.9999", "1000", "999999999999999.9"},
                                                         {"1.10", "1e2", "110"}}};
  for (const auto& [price, quantity, total] : cases) {
    const auto body = request_of(paid(rokt_item(1, price, quantity))).body;
    EXPECT_THAT(body, HasSubstr(fmt::format(R"("unitPrice":{},"totalPrice":{},)", price, total)));
  }
}

TEST_F(rokt_body, names_paypal_and_the_merchant_and_turns_attributes_into_text) {
  const auto body = request_of(paid("", R"("refs":{"rokt":{"paypal_order_id":"PP-1","merchant_id":"M-1"}},
    "attributes":{"бележка":"до вратата","express":true,"points":1.5e2,"tags":["a","b"]},)"))
                        .body;
  EXPECT_EQ(body,
            compact(R"({"cartId":"o-1","orderId":"o-1","items":[],"payPalOrderId":"PP-1","merchantId":"M-1",
    "attributes":{"бележка":)") +
                R"("до вратата","express":"true","points":"150","tags":"a, b"}})");
}

TEST_F(rokt_body, tells_of_orders_without_items_too) {
  const auto request = request_of(paid(plain_item(), "", ""));
  EXPECT_EQ(request.body, R"({"cartId":"o-1","orderId":"o-1","items":[]})");
  EXPECT_EQ(header(request, "rokt-session-id"), "(none)");
  EXPECT_EQ(header(request, "Accept-Language"), "(none)");
}

TEST_F(rokt_body, is_in_the_language_of_the_session_before_the_customers) {
  const auto what = paid("", "", R"("session":{"language":"bg-BG"},"customer":{"id":"7","language":"en"},)");
  EXPECT_EQ(header(request_of(what), "Accept-Language"), "bg-BG");
}

TEST_F(rokt_body, is_in_the_customers_language_where_the_sessions_is_no_locale) {
  const auto what = paid("", "", R"("session":{"language":"x-priv"},"customer":{"id":"7","language":"de"},)");
  EXPECT_EQ(header(request_of(what), "Accept-Language"), "de");
}

TEST_F(rokt_body, names_no_language_that_is_no_locale) {
  const auto sent = [&](std::string_view tag) {
    return header(request_of(paid("", "", fmt::format(R"("session":{{"language":"{}"}},)", tag))),
                  "Accept-Language");
  };
  for (const auto* locale : {"bg", "fil", "sr-Latn-RS", "es-419", "en-GB-oed", "sl-rozaj-biske-1994"})
    EXPECT_EQ(sent(locale), locale);
  for (const auto* other : {"x-private", "X-en", "i-klingon", "klingon", "abcd-BG"})
    EXPECT_EQ(sent(other), "(none)") << other;
}

TEST_F(rokt_body, a_session_id_that_no_header_can_hold_never_gets_there) {
  const auto refs = R"("refs":{"rokt":{"session_id":"сесия"}},)";
  EXPECT_EQ(header(request_of(paid("", "", refs)), "rokt-session-id"), "(none)");
  EXPECT_EQ(rokt_->screen(*paid(rokt_item(1), "", refs)).what, screening::outcome::unmappable);
}

TEST_F(rokt_body, screening_wants_what_items_need) {
  const auto detail = [&](const event::event_ptr& what) {
    const auto out = rokt_->screen(*what);
    EXPECT_EQ(out.what, screening::outcome::unmappable);
    return out.detail;
  };
  EXPECT_THAT(detail(paid(rokt_item(1), "", "")), HasSubstr("/data/refs/rokt/session_id"));
  const auto item = [](std::string_view refs) {
    return plain_item() + "," +
           fmt::format(R"({{"product_id":"p","unit_price":"1","refs":{{"rokt":{{{}}}}}}})", refs);
  };
  EXPECT_THAT(detail(paid(item(R"("reservation_id":"r")"))),
              HasSubstr("/data/order/items/1/refs/rokt/cart_item_id"));
  EXPECT_THAT(detail(paid(item(R"("cart_item_id":"c")"))),
              HasSubstr("/data/order/items/1/refs/rokt/reservation_id"));
  EXPECT_THAT(detail(paid(item(""))), HasSubstr("/data/order/items/1/refs/rokt/cart_item_id"));
  EXPECT_EQ(rokt_->screen(*paid(rokt_item(1))).what, screening::outcome::send);
  EXPECT_EQ(rokt_->screen(*paid(plain_item(), "", "")).what, screening::outcome::send);
}

TEST_F(rokt_body, orders_without_items_can_be_skipped) {
  rokt_ = test::make_destination(test::rokt_options({{"confirm_without_items", false}}));
  const auto out = rokt_->screen(*paid(plain_item()));
  EXPECT_EQ(out.what, screening::outcome::skipped);
  EXPECT_EQ(out.reason, "no_items");
  EXPECT_EQ(rokt_->screen(*paid(rokt_item(1))).what, screening::outcome::send);
}

TEST_F(rokt_body, is_ordered_by_the_order) {
  EXPECT_THAT(rokt_->order_keys(*paid("")), ElementsAre("order:o-1"));
}

TEST(rokt_settings, a_tag_id_is_needed_and_fits_a_header) {
  for (const auto* tag_id : {"", "two\r\nlines", " blank"}) {
    const auto made = rokt_kind().make(test::rokt_options({{"tag_id", std::string(tag_id)}}));
    ASSERT_TRUE(made.has_error()) << tag_id;
    EXPECT_THAT(made.error().message(), HasSubstr("tag_id"));
  }
}

}  // namespace
}  // namespace cartrelay::destinations
