#include "destinations/routing.hpp"

#include <gtest/gtest.h>

namespace cartrelay::destinations {
namespace {

using event::event_type;

class wants_test : public testing::Test {
 protected:
  wants_test() {
    to_.events = {event_type::order_paid, event_type::cart_updated};
    what_.source = "shop/bg";
    what_.type = event_type::order_paid;
  }

  void speak(const char* of_session, const char* of_customer = nullptr) {
    what_.data.session.reset();
    what_.data.customer.reset();
    if (of_session != nullptr) what_.data.session.emplace().language = of_session;
    if (of_customer != nullptr) what_.data.customer.emplace().language = of_customer;
  }
  [[nodiscard]] bool wanted() const { return wants(to_, what_); }

  options to_;
  event::event what_;
};

TEST_F(wants_test, only_the_listed_types) {
  EXPECT_TRUE(wanted());
  what_.type = event_type::order_created;
  EXPECT_FALSE(wanted());
  to_.events.clear();
  EXPECT_FALSE(wanted());
}

TEST_F(wants_test, nothing_while_disabled) {
  to_.enabled = false;
  EXPECT_FALSE(wanted());
}

TEST_F(wants_test, the_listed_sources) {
  to_.filter.source = {"shop/ro", "shop/bg"};
  EXPECT_TRUE(wanted());
  what_.source = "shop/bg2";
  EXPECT_FALSE(wanted());
}

TEST_F(wants_test, the_listed_markets_of_the_session) {
  to_.filter.market = {"UK"};
  EXPECT_FALSE(wanted());
  what_.data.session.emplace().market = "UK";
  EXPECT_TRUE(wanted());
  what_.data.session->market = "uk";
  EXPECT_FALSE(wanted());
}

TEST_F(wants_test, languages_by_whole_subtags) {
  to_.filter.language = {"bg", "pt-BR"};
  for (const auto* tag : {"bg", "bg-BG", "BG-bg", "pt-br", "pt-BR-x"}) {
    speak(tag);
    EXPECT_TRUE(wanted()) << tag;
  }
  for (const auto* tag : {"bgx", "b", "pt", "pt-PT", "en-bg"}) {
    speak(tag);
    EXPECT_FALSE(wanted()) << tag;
  }
}

TEST_F(wants_test, the_customers_language_where_the_session_has_none) {
  to_.filter.language = {"bg"};
  EXPECT_FALSE(wanted());
  speak(nullptr, "bg-BG");
  EXPECT_TRUE(wanted());
  speak("en", "bg-BG");
  EXPECT_FALSE(wanted());
}

TEST_F(wants_test, everything_in_the_filter_must_hold) {
  to_.filter.source = {"shop/bg"};
  to_.filter.language = {"bg"};
  speak("bg");
  EXPECT_TRUE(wanted());
  what_.source = "shop/ro";
  EXPECT_FALSE(wanted());
}

}  // namespace
}  // namespace cartrelay::destinations
