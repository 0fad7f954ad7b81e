#include "destinations/settings.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <variant>

namespace cartrelay::destinations {
namespace {

template <class Check>
std::string faults_of(Check check, const options& given) {
  setting_faults found;
  check(given, found);
  return found.message();
}

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
    EXPECT_EQ(faults_of(check_url, given), "") << url;
  }
}

TEST(check_url, says_which_setting_is_wrong) {
  options given;
  given.url = "http://vendor.example";
  EXPECT_EQ(faults_of(check_url, given).substr(0, 5), "url: ");
}

TEST(check_events, names_each_type_that_means_nothing) {
  options given;
  given.kind = "rokt";
  given.events = {event::event_type::order_paid};
  const auto check = [](const options& those, setting_faults& found) {
    const std::array can{event::event_type::order_paid};
    check_events(those, can, found);
  };
  EXPECT_EQ(faults_of(check, given), "");
  given.events = {event::event_type::page_viewed, event::event_type::order_paid,
                  event::event_type::cart_deleted};
  EXPECT_EQ(faults_of(check, given),
            "events: page.viewed means nothing to rokt, which takes order.paid; "
            "events: cart.deleted means nothing to rokt, which takes order.paid");
}

TEST(check_secret, wants_one_that_fits_a_header) {
  options given;
  EXPECT_EQ(faults_of(check_secret, given), "secret: required");
  given.secret = base::secret("key");
  EXPECT_EQ(faults_of(check_secret, given), "");
  for (const auto* unfit : {"two\nlines", "key "}) {
    given.secret = base::secret(unfit);
    EXPECT_EQ(faults_of(check_secret, given),
              "secret: holds characters that cannot stand in an HTTP header, or begins or ends with a space");
  }
}

}  // namespace
}  // namespace cartrelay::destinations
