#include "destinations/esputnik/kind.hpp"

#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::esputnik::test {
namespace {

using testing::HasSubstr;

TEST(esputnik_kind, has_defaults) {
  const auto& defaults = esputnik_kind().defaults;
  EXPECT_EQ(defaults.url, "https://esputnik.com/api");
  EXPECT_THAT(defaults.events, testing::ElementsAreArray(event::all_event_types));
  EXPECT_EQ(esputnik_kind().secret, kind::secret_need::required);
  const auto made = options_of("esputnik");
  EXPECT_EQ(std::get<std::string>(made.own.at("time_zone")), "UTC");
  EXPECT_TRUE(std::get<bool>(made.own.at("products_param")));
  EXPECT_TRUE(std::get<bool>(made.own.at("import_contacts")));
}

TEST(esputnik_kind, refuses_a_zone_that_is_none) {
  const auto made =
      esputnik_kind().make(options_of("esputnik", {{"time_zone", std::string("Europe/Sofija")}}));
  ASSERT_TRUE(made.has_error());
  EXPECT_THAT(made.error().message(), HasSubstr("time_zone"));
  EXPECT_THAT(made.error().message(), HasSubstr("Europe/Sofija"));
}

TEST(esputnik_kind, needs_a_key) {
  auto given = options_of("esputnik");
  given.secret = {};
  const auto made = esputnik_kind().make(given);
  ASSERT_TRUE(made.has_error());
  EXPECT_THAT(made.error().message(), HasSubstr("secret"));
}

TEST(esputnik_kind, follows_the_configured_url) {
  auto given = options_of("esputnik", {{"import_contacts", false}});
  given.url = "https://yespo.example/api/";
  const auto where = make_destination(given);
  const auto log = run(*where, {{cart_event("cart.deleted"), {}}}, {answer(200)});
  EXPECT_EQ(log.requests.front().target, "https://yespo.example/api/v1/event");
}

}  // namespace
}  // namespace cartrelay::destinations::esputnik::test
