#include "destinations/settings.hpp"

#include "destinations/errc.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <variant>

namespace cartrelay::destinations {
namespace {

TEST(setting, is_read_by_its_type) {
  options given;
  given.own["tag_id"] = std::string("253_439");
  given.own["strict"] = true;
  EXPECT_EQ(setting<std::string>(given, "tag_id"), "253_439");
  EXPECT_TRUE(setting<bool>(given, "strict"));
  EXPECT_THROW(static_cast<void>(setting<bool>(given, "tag_id")), std::bad_variant_access);
  EXPECT_THROW(static_cast<void>(setting<bool>(given, "absent")), std::out_of_range);
}

TEST(join_url, puts_one_slash_between) {
  EXPECT_EQ(join_url("https://vendor.example", "/v1/event"), "https://vendor.example/v1/event");
  EXPECT_EQ(join_url("https://vendor.example/api/", "/v1/event"), "https://vendor.example/api/v1/event");
}

TEST(check_url, lets_https_pass_and_http_on_loopback) {
  options given;
  for (const auto* url :
       {"https://vendor.example/api", "https://vendor.example:8443", "http://127.0.0.1:9000"}) {
    given.url = url;
    EXPECT_TRUE(check_url(given).has_value()) << url;
  }
}

TEST(check_url, says_which_setting_is_wrong) {
  options given;
  given.url = "http://vendor.example";
  const auto checked = check_url(given);
  ASSERT_TRUE(checked.has_error());
  EXPECT_EQ(checked.error().code, errc::bad_setting);
  EXPECT_EQ(checked.error().message().substr(0, 5), "url: ");
}

TEST(check_events, names_the_type_that_means_nothing) {
  options given;
  given.kind = "rokt";
  given.events = {event::event_type::order_paid};
  const std::array can{event::event_type::order_paid};
  EXPECT_TRUE(check_events(given, can).has_value());
  given.events.push_back(event::event_type::page_viewed);
  const auto checked = check_events(given, can);
  ASSERT_TRUE(checked.has_error());
  EXPECT_EQ(checked.error().message(), "events: page.viewed means nothing to rokt, which takes order.paid");
}

TEST(check_secret, wants_one_that_fits_a_header) {
  options given;
  EXPECT_TRUE(check_secret(given).has_error());
  given.secret = base::secret("key");
  EXPECT_TRUE(check_secret(given).has_value());
  given.secret = base::secret("two\nlines");
  EXPECT_TRUE(check_secret(given).has_error());
}

}  // namespace
}  // namespace cartrelay::destinations
