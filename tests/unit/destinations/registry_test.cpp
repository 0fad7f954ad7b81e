#include "destinations/registry.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace cartrelay::destinations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(registry, lists_the_kinds) {
  std::vector<std::string_view> names;
  for (const auto& one : kinds())
    names.push_back(one.name);
  EXPECT_THAT(names, ElementsAre("releva", "reloadify", "elevate", "esputnik", "rokt"));
}

TEST(registry, finds_by_name_alone) {
  ASSERT_NE(find_kind("rokt"), nullptr);
  EXPECT_EQ(find_kind("rokt")->name, "rokt");
  EXPECT_EQ(find_kind("Rokt"), nullptr);
  EXPECT_EQ(find_kind(""), nullptr);
}

class every_kind : public testing::TestWithParam<const kind*> {};

TEST_P(every_kind, has_defaults_that_want_events_each_once) {
  const auto& events = GetParam()->defaults.events;
  EXPECT_FALSE(events.empty());
  EXPECT_EQ(std::set(events.begin(), events.end()).size(), events.size());
  EXPECT_TRUE(GetParam()->defaults.enabled);
}

TEST_P(every_kind, describes_settings_with_a_default_of_their_own_type) {
  using type = setting_description::type;
  for (const auto& one : GetParam()->settings) {
    EXPECT_FALSE(one.meaning.empty()) << one.name;
    const auto& value = one.fallback;
    const bool fits =
        (one.holds == type::text && std::holds_alternative<std::string>(value)) ||
        (one.holds == type::boolean && std::holds_alternative<bool>(value)) ||
        (one.holds == type::text_list && std::holds_alternative<std::vector<std::string>>(value)) ||
        (one.holds == type::secret && std::holds_alternative<base::secret>(value));
    EXPECT_TRUE(fits) << one.name;
  }
}

TEST_P(every_kind, refuses_a_url_that_cannot_be_called) {
  auto given = test::options_of(GetParam()->name);
  for (const auto* url : {"http://vendor.example", "ftp://vendor.example", "vendor.example", "https://", "",
                          "https://vendor.example/?a=b"}) {
    given.url = url;
    const auto made = GetParam()->make(given);
    ASSERT_TRUE(made.has_error()) << url;
    EXPECT_THAT(made.error().message(), HasSubstr("url")) << url;
  }
}

std::vector<const kind*> all() {
  std::vector<const kind*> out;
  for (const auto& one : kinds())
    out.push_back(&one);
  return out;
}
INSTANTIATE_TEST_SUITE_P(registry, every_kind, testing::ValuesIn(all()),
                         [](const auto& of) { return std::string(of.param->name); });

TEST(secrets, that_would_split_a_header_are_refused_without_being_shown) {
  for (const auto& one : kinds()) {
    if (one.secret != kind::secret_need::required) continue;
    auto given = test::options_of(one.name);
    given.secret = base::secret("one\r\nX-Injected: two");
    const auto made = one.make(given);
    ASSERT_TRUE(made.has_error()) << one.name;
    EXPECT_THAT(made.error().message(), HasSubstr("secret"));
    EXPECT_THAT(made.error().message(), Not(HasSubstr("Injected")));
  }
}

TEST(defaults, are_what_the_documentation_says) {
  using namespace std::chrono_literals;
  EXPECT_EQ(find_kind("releva")->defaults.url, "https://releva.ai/api/v0/carts");
  EXPECT_EQ(find_kind("releva")->defaults.batch, (batch_options{100, 512 << 10, 1s}));
  EXPECT_THAT(find_kind("releva")->on_request, ElementsAre(event::event_type::cart_updated));
  EXPECT_EQ(find_kind("elevate")->defaults.url, "");
  EXPECT_EQ(find_kind("elevate")->defaults.retry.max_age, 30min);
  EXPECT_EQ(find_kind("rokt")->defaults.url, "");
  EXPECT_EQ(find_kind("rokt")->defaults.on_in_doubt, on_in_doubt::dead_letter);
  for (const auto* name : {"releva", "reloadify", "elevate", "esputnik"})
    EXPECT_EQ(find_kind(name)->defaults.on_in_doubt, on_in_doubt::retry) << name;
}

}  // namespace
}  // namespace cartrelay::destinations
