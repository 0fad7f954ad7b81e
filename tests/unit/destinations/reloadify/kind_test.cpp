#include "destinations/reloadify/kind.hpp"

#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::reloadify::test {
namespace {

using event::event_type;
using testing::ElementsAre;
using testing::HasSubstr;

std::string fault_of(const options& given) {
  const auto made = reloadify_kind().make(given);
  return made ? "" : made.error().message();
}

options with_client() {
  auto given = shop_options({{"client_id", std::string("shop-1")}, {"client_secret", base::secret("t0p")}});
  given.secret = {};
  return given;
}

TEST(reloadify_kind, has_defaults) {
  const auto& defaults = reloadify_kind().defaults;
  EXPECT_EQ(defaults.url, "https://app.reloadify.com/api");
  EXPECT_THAT(defaults.events,
              ElementsAre(event_type::cart_item_added, event_type::cart_item_removed,
                          event_type::cart_updated, event_type::cart_deleted, event_type::order_paid));
  EXPECT_EQ(reloadify_kind().secret, kind::secret_need::unless_settings);
}

TEST(reloadify_kind, takes_a_token_or_a_client) {
  EXPECT_EQ(fault_of(shop_options()), "");
  EXPECT_EQ(fault_of(with_client()), "");
}

TEST(reloadify_kind, refuses_both_and_neither) {
  auto both = with_client();
  both.secret = base::secret("s3cret");
  EXPECT_THAT(fault_of(both), HasSubstr("client_id"));
  auto neither = shop_options();
  neither.secret = {};
  EXPECT_THAT(fault_of(neither), HasSubstr("secret"));
}

TEST(reloadify_kind, refuses_half_a_client) {
  auto given = with_client();
  given.own["client_id"] = std::string();
  EXPECT_THAT(fault_of(given), HasSubstr("client_id"));
  given = with_client();
  given.own["client_secret"] = base::secret();
  EXPECT_THAT(fault_of(given), HasSubstr("client_secret"));
}

TEST(reloadify_kind, refuses_a_token_url_that_is_none) {
  auto given = with_client();
  given.own["token_url"] = std::string("app.reloadify.com/oauth/token");
  EXPECT_THAT(fault_of(given), HasSubstr("token_url"));
}

TEST(reloadify_kind, names_where_its_tokens_come_from) {
  EXPECT_THAT(reloadify_kind().other_urls(shop_options()), ElementsAre());
  EXPECT_THAT(reloadify_kind().other_urls(with_client()),
              ElementsAre("https://app.reloadify.com/oauth/token"));
}

TEST(reloadify_kind, needs_a_language) {
  EXPECT_THAT(fault_of(shop_options({{"language", std::string()}})), HasSubstr("language"));
  EXPECT_EQ(
      fault_of(shop_options({{"language", std::string()}, {"languages", std::vector<std::string>{"bg"}}})),
      "");
  for (const char* other : {"", ".", "bg_BG", "EN!", "bg\n"})
    EXPECT_THAT(fault_of(shop_options({{"languages", std::vector<std::string>{"bg", other}}})),
                HasSubstr("languages: holds what is no language tag"))
        << other;
  EXPECT_THAT(fault_of(shop_options({{"language", std::string("..")}})), HasSubstr("language: no URL"));
}

TEST(reloadify_kind, refuses_events_it_cannot_send) {
  auto given = shop_options();
  given.events = {event_type::order_created};
  EXPECT_THAT(fault_of(given), HasSubstr("order.created"));
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
