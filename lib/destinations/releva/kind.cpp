#include "destinations/releva/kind.hpp"

#include "base/release.hpp"
#include "destinations/mapping.hpp"
#include "destinations/releva/cart.hpp"
#include "destinations/settings.hpp"
#include "destinations/single_request.hpp"

#include <fmt/format.h>

#include <array>

namespace cartrelay::destinations {
namespace {

using event::event_type;

constexpr std::string_view opening = R"({"carts":[)";
constexpr std::string_view closing = "]}";

/// A product has a price, a currency and a quantity that is an integer (the vendor's page on its Cart Paid
/// API, cart object: they are not optional), and one that has not may cost the whole batch.
std::string_view fault_of(const event::item& item, const event::text& currency) {
  if (!item.unit_price) return "unit_price: Releva needs the price of each product";
  if (!item.currency && !currency) return "currency: neither here nor of the whole, and Releva needs it";
  if (quantity_text(item).find_first_not_of("0123456789") != std::string::npos)
    return "quantity: Releva takes whole numbers only";
  return {};
}

/// Of an order or a cart, which stands at `pointer`.
template <class Basket>
screening screen_items(const Basket& of, std::string_view pointer) {
  if (!of.items) return {};
  std::size_t index = 0;
  for (const auto& item : *of.items) {
    if (const auto fault = fault_of(item, of.currency); !fault.empty())
      return unmappable(fmt::format("{}/items/{}/{}", pointer, index, fault));
    ++index;
  }
  return {};
}

class releva_destination final : public destination {
 public:
  explicit releva_destination(options given) : given_(std::move(given)) {}

  [[nodiscard]] screening screen(const event::event& what) const override {
    if (what.type != event_type::order_paid && what.type != event_type::cart_updated)
      return not_for_this_kind(what);
    const auto& customer = what.data.customer;
    if (!customer || (!customer->email && !customer->phone))
      return unmappable("/data/customer: neither email nor phone");
    return what.data.order ? screen_items(*what.data.order, "/data/order")
                           : screen_items(*what.data.cart, "/data/cart");
  }

  [[nodiscard]] std::vector<std::string> order_keys(const event::event& what) const override {
    if (what.data.order) return {order_key(*what.data.order)};
    return {what.data.cart ? cart_key(what.data.cart->id) : lone_key(what)};
  }

  [[nodiscard]] std::size_t largest_batch() const override { return given_.batch.max_events; }
  [[nodiscard]] std::size_t encoded_size(const event::event& what) const override {
    // Written for its size alone, so into memory that stays.
    constexpr std::size_t usual = 16 << 10;
    thread_local std::string unsent;
    unsent.clear();
    releva::append_cart(unsent, what);
    const auto size = unsent.size() + 1;
    if (unsent.capacity() > usual) base::release(unsent);
    return size;
  }
  /// Less the comma that the first cart does without, so that the sum is the body's size to the byte.
  [[nodiscard]] std::size_t envelope_size() const override { return opening.size() + closing.size() - 1; }

  [[nodiscard]] std::unique_ptr<delivery> begin(std::vector<delivery_event> events,
                                                memory /*known*/) override {
    std::string body(opening);
    std::size_t texts = 0;
    for (const auto& one : events)
      texts += one.what->json.size();
    body.reserve(body.size() + texts);
    for (const auto& one : events) {
      if (body.size() > opening.size()) body += ',';
      releva::append_cart(body, *one.what);
    }
    body += closing;
    auto request = json_request("POST", given_.url, std::move(body));
    request.headers.add("Authorization", "Bearer " + given_.secret.reveal());
    // An order that arrives twice is the same order to the vendor.
    constexpr bool safe_to_repeat = true;
    return std::make_unique<single_request>(std::move(request), events.size(), safe_to_repeat, given_.secret);
  }

 private:
  options given_;
};

made_destination make(const options& given) {
  constexpr std::array can{event_type::order_paid, event_type::cart_updated};
  setting_faults found;
  check_url(given, found);
  check_secret(given, found);
  check_events(given, can, found);
  if (!found.empty()) return found;
  return std::make_unique<releva_destination>(given);
}

options defaults() {
  options out;
  out.events = {event_type::order_paid};
  out.url = "https://releva.ai/api/v0/carts";
  return out;
}

}  // namespace

const kind& releva_kind() {
  static const kind one{"releva", defaults(), kind::secret_need::required,
                        {},       &make,      {event_type::cart_updated}};
  return one;
}

}  // namespace cartrelay::destinations
