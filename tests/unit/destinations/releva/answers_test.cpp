#include "destinations/releva/kind.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations {
namespace {

using test::answer;
using test::header;
using test::make_event;
using test::run;
using testing::ElementsAre;
using testing::HasSubstr;

event::event_ptr paid_order(std::string_view id) {
  return make_event("order.paid", fmt::format(R"({{"customer":{{"email":"a@b.bg"}},"order":{{"id":"{}",
    "currency":"EUR","total":"10","items":[{{"product_id":"p","unit_price":"10"}}]}}}})",
                                              id));
}

class releva_test : public testing::Test {
 protected:
  std::unique_ptr<destination> releva_ = test::make_destination(test::options_of("releva"));

  judgement judged(const http::outcome& came) {
    return run(*releva_, {{paid_order("o"), ""}}, {came}).judgements[0];
  }
};

TEST_F(releva_test, posts_to_the_configured_url_with_the_secret_as_bearer) {
  const auto log = run(*releva_, {{paid_order("o"), ""}}, {answer(202, "{}")});
  ASSERT_EQ(log.requests.size(), 1u);
  const auto& request = log.requests[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "https://releva.ai/api/v0/carts");
  EXPECT_EQ(header(request, "Authorization"), "Bearer s3cret");
  EXPECT_EQ(header(request, "Content-Type"), "application/json");
  EXPECT_THAT(log.safe_to_repeat, ElementsAre(true));
}

TEST_F(releva_test, sends_a_batch_in_order_as_one_request) {
  const auto log = run(*releva_, {{paid_order("o-1"), ""}, {paid_order("o-2"), ""}, {paid_order("o-3"), ""}},
                       {answer(202, "{}")});
  ASSERT_EQ(log.requests.size(), 1u);
  const auto& body = log.requests[0].body;
  EXPECT_EQ(body.substr(0, 10), R"({"carts":[)");
  EXPECT_LT(body.find("o-1"), body.find("o-2"));
  EXPECT_LT(body.find("o-2"), body.find("o-3"));
  ASSERT_EQ(log.judgements.size(), 3u);
  for (const auto& one : log.judgements)
    EXPECT_EQ(one.what, verdict::delivered);
}

TEST_F(releva_test, foretells_the_size_of_a_body_to_the_byte) {
  std::vector<delivery_event> events;
  std::size_t foretold = releva_->envelope_size();
  for (const auto* id : {"o-1", "поръчка", "o\\\"3"}) {
    events.push_back({paid_order(id), ""});
    foretold += releva_->encoded_size(*events.back().what);
    EXPECT_EQ(run(*releva_, events, {answer(202)}).requests[0].body.size(), foretold);
  }
}

TEST_F(releva_test, takes_as_many_events_as_configured) {
  EXPECT_EQ(releva_->largest_batch(), 100u);
  auto given = test::options_of("releva");
  given.batch.max_events = 7;
  EXPECT_EQ(test::make_destination(given)->largest_batch(), 7u);
}

TEST_F(releva_test, judges_each_documented_answer) {
  EXPECT_EQ(judged(answer(202, "{}")).what, verdict::delivered);
  EXPECT_EQ(judged(answer(200, "unexpected")).what, verdict::delivered);
  EXPECT_EQ(judged(answer(401, R"({"message":"bad key"})")).what, verdict::unauthorized);
  EXPECT_EQ(judged(answer(403)).what, verdict::unauthorized);
  EXPECT_EQ(judged(answer(500, R"({"message":"oops"})")).what, verdict::retry);
  EXPECT_EQ(judged(test::failed(http::stage::connect)).what, verdict::retry);
  EXPECT_EQ(judged(test::failed(http::stage::sent)).what, verdict::in_doubt);
  const auto refused = judged(answer(400, R"({"message":"phoneNumber is invalid"})"));
  EXPECT_EQ(refused.what, verdict::reject);
  EXPECT_FALSE(refused.divisible);
  EXPECT_THAT(refused.detail, HasSubstr("phoneNumber is invalid"));
}

TEST_F(releva_test, a_refused_batch_can_be_divided) {
  for (const int status : {400, 413, 422}) {
    const auto log = run(*releva_, {{paid_order("o-1"), ""}, {paid_order("o-2"), ""}}, {answer(status)});
    for (const auto& one : log.judgements) {
      EXPECT_EQ(one.what, verdict::reject);
      EXPECT_TRUE(one.divisible);
    }
  }
}

TEST_F(releva_test, needs_an_email_or_a_phone) {
  const auto screened = [&](std::string_view customer) {
    return releva_->screen(*make_event("order.paid", fmt::format(R"({{{}"order":{{"id":"o","currency":"EUR",
      "total":"1","items":[]}}}})",
                                                                 customer)));
  };
  EXPECT_EQ(screened(R"("customer":{"email":"a@b.bg"},)").what, screening::outcome::send);
  EXPECT_EQ(screened(R"("customer":{"phone":"+359888123456"},)").what, screening::outcome::send);
  for (const auto* customer : {"", R"("customer":{"id":"17"},)"}) {
    const auto out = screened(customer);
    EXPECT_EQ(out.what, screening::outcome::unmappable);
    EXPECT_EQ(out.reason, "unmappable");
    EXPECT_THAT(out.detail, HasSubstr("/data/customer"));
  }
}

TEST_F(releva_test, needs_price_currency_and_a_whole_quantity_of_each_product) {
  const auto order = [&](std::string_view members) {
    return releva_->screen(
        *make_event("order.paid", fmt::format(R"({{"customer":{{"email":"a@b.bg"}},"order":{{"id":"o",
      "currency":"EUR","total":"1","items":[{{"product_id":"p","unit_price":"1"}},
      {{"product_id":"q","unit_price":"1"{}}}]}}}})",
                                              members)));
  };
  for (const auto* fine : {"", R"(,"quantity":2.0)", R"(,"quantity":1e2)"})
    EXPECT_EQ(order(fine).what, screening::outcome::send) << fine;
  for (const auto* broken : {R"(,"quantity":1.5)", R"(,"quantity":1e300)"}) {
    EXPECT_EQ(order(broken).what, screening::outcome::unmappable);
    EXPECT_THAT(order(broken).detail, HasSubstr("/data/order/items/1/quantity:"));
  }
  const auto cart = [&](std::string_view members, std::string_view item) {
    return releva_->screen(*make_event("cart.updated", fmt::format(R"({{"customer":{{"email":"a@b.bg"}},
      "cart":{{"id":"c"{},"items":[{{"product_id":"p"{}}}]}}}})",
                                                                   members, item)));
  };
  const auto* euro = R"(,"currency":"EUR")";
  const auto* price = R"(,"unit_price":"1")";
  EXPECT_EQ(cart(euro, price).what, screening::outcome::send);
  EXPECT_EQ(cart("", R"(,"unit_price":"1","currency":"EUR")").what, screening::outcome::send);
  EXPECT_EQ(cart(euro, "").what, screening::outcome::unmappable);
  EXPECT_THAT(cart(euro, "").detail, HasSubstr("/data/cart/items/0/unit_price:"));
  EXPECT_THAT(cart("", price).detail, HasSubstr("/data/cart/items/0/currency:"));
}

TEST_F(releva_test, orders_by_order_and_by_cart) {
  EXPECT_THAT(releva_->order_keys(*paid_order("o-1")), ElementsAre("order:o-1"));
  const auto cart =
      make_event("cart.updated", R"({"customer":{"email":"a@b.bg"},"cart":{"id":"c-1","items":[]}})");
  EXPECT_THAT(releva_->order_keys(*cart), ElementsAre("cart:c-1"));
  EXPECT_FALSE(releva_->supersedes(*cart));
}

TEST_F(releva_test, cannot_be_asked_for_other_events) {
  auto given = test::options_of("releva");
  given.events = {event::event_type::order_paid, event::event_type::cart_updated};
  EXPECT_TRUE(releva_kind().make(given).has_value());
  given.events = {event::event_type::page_viewed};
  const auto made = releva_kind().make(given);
  ASSERT_TRUE(made.has_error());
  EXPECT_THAT(made.error().message(), HasSubstr("events: page.viewed"));
  const auto view = make_event("page.viewed", R"({"page":{"url":"https://shop.example/"}})");
  EXPECT_EQ(releva_->screen(*view).what, screening::outcome::skipped);
}

}  // namespace
}  // namespace cartrelay::destinations
