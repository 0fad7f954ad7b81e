#pragma once

#include "tests/unit/destinations/support.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

/// A shop at eSputnik that does not import contacts unless told to, so that an event is one request.
namespace cartrelay::destinations::esputnik::test {

using destinations::test::answer;
using destinations::test::attempt_log;
using destinations::test::compact;
using destinations::test::failed;
using destinations::test::header;
using destinations::test::make_destination;
using destinations::test::make_event;
using destinations::test::now;
using destinations::test::options_of;
using destinations::test::run;

inline std::unique_ptr<destination> shop(settings own = {}) {
  own.try_emplace("import_contacts", false);
  return make_destination(options_of("esputnik", own));
}

/// The body of what the event becomes.
inline std::string body_of(const event::event_ptr& what, const settings& own = {}) {
  const auto where = shop(own);
  const auto log = run(*where, {{what, {}}}, {answer(200)});
  EXPECT_EQ(log.requests.front().target, "https://esputnik.com/api/v1/event");
  return log.requests.front().body;
}

/// Its parameters by name; a name that stands there twice is a failure.
inline std::map<std::string, std::string> params_of(const event::event_ptr& what, const settings& own = {}) {
  std::map<std::string, std::string> out;
  const auto body = boost::json::parse(body_of(what, own));
  for (const auto& one : body.at("params").as_array()) {
    const std::string name(one.at("name").as_string());
    EXPECT_TRUE(out.emplace(name, one.at("value").as_string()).second) << name << " stands there twice";
  }
  return out;
}

/// An order event of one contact; `order` holds further members with a comma before each.
inline event::event_ptr order_event(std::string_view type, std::string_view order = {}) {
  return make_event(type, fmt::format(R"({{"customer":{{"id":"AV13760","phone":"+380501234567"}},
      "order":{{"id":"12345679","currency":"UAH","total":"258.0","items":[]{}}}}})",
                                      order));
}

inline event::event_ptr cart_event(std::string_view type, std::string_view cart = {}) {
  return make_event(
      type, fmt::format(R"({{"customer":{{"email":"example@email.com"}},"cart":{{"id":"k-1"{}}}{}}})", cart,
                        type.starts_with("cart.item") ? R"(,"item":{"product_id":"x"})" : ""));
}

}  // namespace cartrelay::destinations::esputnik::test
