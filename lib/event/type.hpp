#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cartrelay::event {

/// The catalogue. The numbers are stored: never reuse one, append only.
enum class event_type : std::uint8_t {
  page_viewed = 1,
  category_viewed = 2,
  product_viewed = 3,
  cart_item_added = 4,
  cart_item_removed = 5,
  cart_updated = 6,
  cart_deleted = 7,
  order_created = 8,
  order_updated = 9,
  order_paid = 10,
  order_delivered = 11,
  order_cancelled = 12,
};

inline constexpr std::array all_event_types{
    event_type::page_viewed,     event_type::category_viewed,   event_type::product_viewed,
    event_type::cart_item_added, event_type::cart_item_removed, event_type::cart_updated,
    event_type::cart_deleted,    event_type::order_created,     event_type::order_updated,
    event_type::order_paid,      event_type::order_delivered,   event_type::order_cancelled};

[[nodiscard]] std::string_view to_string(event_type type) noexcept;  ///< `order.paid`
[[nodiscard]] std::optional<event_type> parse_event_type(std::string_view name) noexcept;
[[nodiscard]] bool is_order(event_type type) noexcept;
[[nodiscard]] bool is_cart(event_type type) noexcept;

}  // namespace cartrelay::event
