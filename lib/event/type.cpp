#include "event/type.hpp"

namespace cartrelay::event {
namespace {

constexpr std::array<std::string_view, all_event_types.size()> names{
    "page.viewed",       "category.viewed", "product.viewed",  "cart.item_added",
    "cart.item_removed", "cart.updated",    "cart.deleted",    "order.created",
    "order.updated",     "order.paid",      "order.delivered", "order.cancelled"};

constexpr bool between(event_type type, event_type first, event_type last) {
  return type >= first && type <= last;
}

}  // namespace

std::string_view to_string(event_type type) noexcept {
  const auto at = static_cast<std::size_t>(type) - 1;
  return at < names.size() ? names[at] : std::string_view("unknown");
}

std::optional<event_type> parse_event_type(std::string_view name) noexcept {
  for (std::size_t at = 0; at < names.size(); ++at)
    if (names[at] == name) return all_event_types[at];
  return std::nullopt;
}

bool is_order(event_type type) noexcept {
  return between(type, event_type::order_created, event_type::order_cancelled);
}

bool is_cart(event_type type) noexcept {
  return between(type, event_type::cart_item_added, event_type::cart_deleted);
}

}  // namespace cartrelay::event
