#include "destinations/elevate/kind.hpp"

#include "destinations/elevate/notification.hpp"
#include "destinations/judge.hpp"
#include "destinations/mapping.hpp"
#include "destinations/settings.hpp"
#include "destinations/single_request.hpp"

#include <array>

namespace cartrelay::destinations {
namespace {

using event::event_type;

class elevate_delivery final : public single_request {
 public:
  using single_request::single_request;

 protected:
  /// There is no credential that could be wrong: 403 speaks of one visitor's key (vendor's page, responses).
  [[nodiscard]] judgement meaning(const http::outcome& came, base::timestamp asked_at) const override {
    if (came && came->status == 403) return rejected(*came);
    return judge(came, asked_at);
  }
};

class elevate_destination final : public destination {
 public:
  explicit elevate_destination(const options& given)
      : url_(join_url(given.url, "/api/v1/notifications/adding-to-cart")),
        market_(setting<std::string>(given, "market")) {}

  [[nodiscard]] screening screen(const event::event& what) const override {
    return elevate::screen(what, market_);
  }

  [[nodiscard]] std::vector<std::string> order_keys(const event::event& what) const override {
    const auto key = elevate::session_key(what);
    return {key ? std::string("session:").append(*key) : lone_key(what)};
  }

  [[nodiscard]] std::unique_ptr<delivery> begin(std::vector<delivery_event> events,
                                                memory /*known*/) override {
    auto request = json_request("POST", url_, elevate::body(*events.front().what, market_));
    constexpr bool safe_to_repeat = true;  // a repeat carries the same `id`
    return std::make_unique<elevate_delivery>(std::move(request), events.size(), safe_to_repeat,
                                              base::secret());
  }

 private:
  std::string url_, market_;
};

made_destination make(const options& given) {
  constexpr std::array can{event_type::cart_item_added};
  setting_faults found;
  check_url(given, found);
  check_events(given, can, found);
  if (!found.empty()) return found;
  return std::make_unique<elevate_destination>(given);
}

options defaults() {
  options out;
  out.events = {event_type::cart_item_added};
  // The notification carries no time and a visitor's session is short: late is wrong.
  out.retry.max_age = std::chrono::minutes(30);
  return out;
}

}  // namespace

const kind& elevate_kind() {
  using type = setting_description::type;
  static const kind one{
      "elevate",
      defaults(),
      kind::secret_need::none,
      {{"market", type::text, false, std::string(), "the market of visitors whose session names none"}},
      &make,
      {},
      {"customer_key", "session_key", "token", "ticket"}};
  return one;
}

}  // namespace cartrelay::destinations
