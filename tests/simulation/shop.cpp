#include "simulation/shop.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <utility>

namespace cartrelay::simulation {

using event::event_type;

fate fate_of(const event::event& what) {
  return static_cast<fate>(what.id.front());
}

queue::sequence number_of(std::string_view id) {
  queue::sequence out = 0;
  std::from_chars(id.data() + 1, id.data() + id.size(), out);
  return out;
}

std::vector<std::string> keys_of(const event::event& what) {
  const auto key = [](std::string kind, std::string_view id) { return kind.append(id); };
  if (what.partition_key) return {key("partition:", *what.partition_key)};
  std::vector<std::string> out;
  if (what.data.order) out.push_back(key("order:", what.data.order->id));
  if (const auto cart = cart_of(what); !cart.empty()) out.push_back(key("cart:", cart));
  if (out.empty()) out.push_back(key("event:", what.id));
  return out;
}

std::string cart_of(const event::event& what) {
  if (what.data.cart) return std::string(what.data.cart->id);
  if (what.data.order && what.data.order->cart_id) return std::string(*what.data.order->cart_id);
  return {};
}

bool is_boundary(const event::event& what) {
  return event::is_order(what.type) || what.type == event_type::cart_deleted;
}

shop::shop(std::uint64_t seed)
    : random_(seed), carts_(1 + random_.below(12)), orders_(1 + random_.below(20)) {}

namespace {

/// An event and the strings that it views.
struct written {
  event::event what;
  std::deque<std::string> texts;

  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
};

}  // namespace

void shop::post(base::timestamp now) {
  entry made;
  made.number = (log_.empty() ? 0 : log_.back().number) + 1 + (random_.below(8) == 0 ? random_.below(5) : 0);
  made.received_at = now;
  const auto whole = std::make_shared<written>();
  auto* const what = &whole->what;
  const auto number = [&](std::uint64_t value) { return whole->keep(std::to_string(value)); };
  static constexpr std::string_view fates = "eeeeeeeeeeeeeeeeeeeeeeeepsu";
  what->id = whole->keep(fates[random_.below(fates.size())] + std::to_string(made.number));
  what->source = random_.below(4) == 0 ? "other shop" : "shop";
  what->type = event::all_event_types[random_.below(event::all_event_types.size())];
  what->received_at = now;
  if (event::is_cart(what->type)) {
    what->data.cart.emplace();
    what->data.cart->id = number(random_.below(carts_));
  } else if (event::is_order(what->type)) {
    what->data.order.emplace();
    what->data.order->id = number(random_.below(orders_));
    if (random_.below(2) == 0) what->data.order->cart_id = number(random_.below(carts_));
  }
  if (random_.below(20) == 0) what->partition_key = number(random_.below(3));
  made.what = {whole, what};
  log_.push_back(std::move(made));
}

const shop::entry* shop::find(queue::sequence number) const {
  const auto index = index_after(number - 1);
  return index < log_.size() && log_[index].number == number ? &log_[index] : nullptr;
}

std::size_t shop::index_after(queue::sequence position) const {
  const auto after = [](queue::sequence place, const entry& one) { return place < one.number; };
  return static_cast<std::size_t>(std::upper_bound(log_.begin(), log_.end(), position, after) - log_.begin());
}

}  // namespace cartrelay::simulation
