#pragma once

#include "base/decimal.hpp"
#include "base/number.hpp"
#include "base/time.hpp"
#include "event/text.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The parts of an event's `data`. Absent members are empty; every string is valid UTF-8, and a view that is
/// good as long as the event's storage (event/event.hpp): a part that was copied out of an event does not
/// keep it.
namespace cartrelay::event {

using money = std::optional<base::decimal>;
/// A date-time as the shop wrote it, and what it means.
struct moment {
  std::string_view written;
  base::timestamp at;
};

using attribute_value = std::variant<std::string_view, base::number, bool, std::vector<std::string_view>,
                                     std::vector<base::number>>;
/// In the order in which the shop wrote them.
using attributes = std::vector<std::pair<std::string_view, attribute_value>>;
/// What a vendor issued and expects back. A vendor that is named with nothing (`"rokt":{}`) is one without
/// member: it may matter that it is named.
struct ref {
  std::string_view vendor, member, value;
};
/// In the order in which the shop wrote them. Few: a look at each is cheaper than a map.
using refs = std::vector<ref>;

/// Nothing if the vendor or the member is not there.
[[nodiscard]] text find_ref(const refs& from, std::string_view vendor, std::string_view member) noexcept;

struct customer {
  text id, email, phone, first_name, last_name, language;
};

struct session {
  text id, market, language;
};

/// An item of a cart or an order; a product is one without quantity.
struct item {
  std::string_view product_id;
  text variant_id, name, category, currency, url, image_url, description;
  base::number quantity;  ///< 1 unless given; > 0
  money unit_price, discount;
  std::optional<bool> in_stock;
  event::attributes attributes;
  event::refs refs;

  /// What every vendor knows the item by: variant_id if present, else product_id.
  [[nodiscard]] std::string_view vendor_id() const noexcept { return variant_id ? *variant_id : product_id; }
};

struct cart {
  std::string_view id;
  text currency, recovery_url, recovery_token;
  money total;
  std::optional<std::vector<item>> items;  ///< absent and empty differ: empty is an emptied cart
  std::optional<moment> created_at, updated_at;
  event::attributes attributes;
  event::refs refs;
};

struct order {
  std::string_view id;
  text currency, cart_id, status, delivery_method, payment_method, delivery_address, restore_url;
  money total, shipping, discount, taxes;
  std::optional<std::vector<item>> items;
  std::optional<moment> placed_at;
  event::attributes attributes;
  event::refs refs;
};

struct category {
  std::string_view id;
  text name, url;
};

struct page {
  std::string_view url;
};

}  // namespace cartrelay::event
