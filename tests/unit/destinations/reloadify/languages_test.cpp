#include "destinations/reloadify/languages.hpp"

#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::reloadify::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Optional;

/// Of a session with one language and a customer with another; empty: not there.
event::event_ptr speaking(std::string_view session, std::string_view customer) {
  const auto one = [](std::string_view tag) {
    return tag.empty() ? std::string() : fmt::format(R"(,"language":"{}")", tag);
  };
  return make_event(
      "cart.deleted",
      fmt::format(R"({{"cart":{{"id":"k-1"}},"session":{{"id":"s"{}}},"customer":{{"id":"c"{}}}}})",
                  one(session), one(customer)));
}

TEST(languages, without_choices_are_the_one_setting) {
  const languages of("en", {});
  EXPECT_THAT(of.of(*speaking("bg", "de")), Optional(std::string("en")));
  EXPECT_THAT(of.of(*speaking("", "")), Optional(std::string("en")));
}

TEST(languages, are_chosen_by_the_session_then_by_the_customer) {
  const languages of("en", {"bg", "de"});
  EXPECT_THAT(of.of(*speaking("bg", "de")), Optional(std::string("bg")));
  EXPECT_THAT(of.of(*speaking("", "de")), Optional(std::string("de")));
  EXPECT_THAT(of.of(*speaking("fr", "de")), Optional(std::string("de")))
      << "the session's is not at the vendor";
  EXPECT_THAT(of.of(*speaking("fr", "")), Optional(std::string("en")));
}

TEST(languages, match_by_prefix_and_take_the_longest) {
  const languages of("en", {"pt", "pt-BR", "bg"});
  EXPECT_THAT(of.of(*speaking("bg-BG", "")), Optional(std::string("bg")));
  EXPECT_THAT(of.of(*speaking("PT-br", "")), Optional(std::string("pt-BR")));
  EXPECT_THAT(of.of(*speaking("pt-PT", "")), Optional(std::string("pt")));
  EXPECT_THAT(of.of(*speaking("ptx", "")), Optional(std::string("en"))) << "a prefix ends at a hyphen";
}

TEST(languages, may_be_none) {
  const languages of("", {"bg"});
  EXPECT_EQ(of.of(*speaking("fr", "")), std::nullopt);
  EXPECT_THAT(of.all(), ElementsAre("bg"));
}

TEST(languages, are_named_by_the_choices_alone) {
  const languages of("en", {"bg", "en", "de"});
  EXPECT_EQ(of.named(*speaking("", "")), std::nullopt);
  EXPECT_EQ(of.named(*speaking("fr", "")), std::nullopt);
  EXPECT_THAT(of.named(*speaking("fr", "bg-BG")), Optional(std::string("bg")));
  EXPECT_THAT(of.all(), ElementsAre("en", "bg", "de"));
}

TEST(languages, stand_in_the_path) {
  const auto where = shop({{"languages", std::vector<std::string>{"bg"}}});
  const auto what = snapshot({}, R"("session":{"language":"bg-BG"},)");
  const auto log = run(*where, {{what, {}}}, {answer(404), answer(200)});
  EXPECT_EQ(log.requests[0].target,
            "https://app.reloadify.com/api/v2/languages/bg/shopping_carts/k-1/products");
  EXPECT_EQ(log.requests[1].target, "https://app.reloadify.com/api/v2/languages/bg/shopping_carts");
}

TEST(languages, a_cart_that_goes_without_naming_its_language_goes_in_all) {
  const auto where = shop({{"languages", std::vector<std::string>{"bg"}}});
  const auto what = make_event("cart.deleted", R"({"cart":{"id":"k-1"}})");
  EXPECT_THAT(where->memory_keys(*what), ElementsAre("cart-products:en/k-1", "cart-products:bg/k-1"));
  const auto log = run(*where, {{what, {}}}, {answer(404), answer(204)}, {{"cart-products:bg/k-1", "[]"}});
  EXPECT_THAT(
      lines(log.requests),
      ElementsAre("DELETE /k-1", "DELETE https://app.reloadify.com/api/v2/languages/bg/shopping_carts/k-1"));
  ASSERT_EQ(log.changes.size(), 1U);
  EXPECT_EQ(log.changes[0].key, "cart-products:bg/k-1");
}

TEST(languages, that_the_shop_does_not_have_name_none_for_a_cart_that_goes) {
  const settings own{{"languages", std::vector<std::string>{"bg"}}, {"delete_cart_on_order_paid", true}};
  const auto paid = make_event("order.paid", R"({"customer":{"id":"c","language":"fr"},"order":{"id":"o",
      "cart_id":"k-1","currency":"EUR","total":"1","items":[]}})");
  for (const auto& what : {speaking("fr", ""), paid}) {
    const auto log = run(*shop(own), {{what, {}}}, {answer(404), answer(204)});
    EXPECT_THAT(lines(log.requests),
                ElementsAre("DELETE /k-1",
                            "DELETE https://app.reloadify.com/api/v2/languages/bg/shopping_carts/k-1"));
  }
  const auto nowhere = settings{{"language", std::string()}, {"languages", std::vector<std::string>{"bg"}}};
  EXPECT_EQ(shop(nowhere)->screen(*speaking("fr", "")).what, screening::outcome::send);
}

TEST(languages, that_a_cart_was_put_in_lose_it_whatever_its_deletion_names) {
  const auto where = shop({{"languages", std::vector<std::string>{"bg", "ro"}}});
  const auto what = speaking("bg", "");
  const std::string key = "cart-products:ro/k-1", base = "https://app.reloadify.com/api/v2/languages/";
  const auto in = [&](std::string_view language) {
    return fmt::format("DELETE {}{}/shopping_carts/k-1", base, language);
  };
  EXPECT_THAT(where->memory_keys(*what), Contains(key));
  EXPECT_THAT(lines(run(*where, {{what, {}}}, {answer(204)}).requests), ElementsAre(in("bg")));
  const auto failed = run(*where, {{what, {}}}, {answer(503)}, {{key, R"(["a"])"}});
  ASSERT_EQ(failed.changes.size(), 1U);
  const memory left{{failed.changes[0].key, failed.changes[0].value.value()}};
  EXPECT_THAT(lines(run(*where, {{what, {}}}, {answer(404), answer(204)}, left).requests),
              ElementsAre(in("bg"), in("ro")));
}

TEST(languages, that_a_cart_was_fed_in_item_by_item_lose_it_too) {
  const auto where = shop({{"languages", std::vector<std::string>{"bg", "ro"}}});
  const auto added = make_event("cart.item_added", R"({"customer":{"id":"c"},"session":{"language":"ro"},
      "cart":{"id":"k-1"},"item":{"product_id":"p"}})");
  memory known;
  for (const auto& one : run(*where, {{added, {}}}, {answer(200), answer(200)}).changes)
    known[one.key] = one.value.value();
  const auto gone = run(*where, {{speaking("bg", ""), {}}}, {answer(404), answer(204)}, known);
  EXPECT_EQ(gone.requests[1].target, "https://app.reloadify.com/api/v2/languages/ro/shopping_carts/k-1");
  ASSERT_EQ(gone.changes.size(), 1U);
  EXPECT_TRUE(known.contains(gone.changes[0].key));
  EXPECT_EQ(gone.changes[0].value, std::nullopt);
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
