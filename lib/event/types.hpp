#pragma once

#include "base/decimal.hpp"
#include "base/number.hpp"
#include "base/time.hpp"

#include <boost/container/flat_map.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// The parts of an event's `data`. Absent members are empty optionals; every string is valid UTF-8.
namespace cartrelay::event {

using text = std::optional<std::string>;
using money = std::optional<base::decimal>;
/// A date-time as the shop wrote it, and what it means.
struct moment {
  std::string written;
  base::timestamp at;
};

using attribute_value =
    std::variant<std::string, base::number, bool, std::vector<std::string>, std::vector<base::number>>;
/// In the order in which the shop wrote them.
using attributes = std::vector<std::pair<std::string, attribute_value>>;
/// vendor → member → value: what a vendor issued and expects back. Values are strings.
using vendor_refs = boost::container::flat_map<std::string, std::string>;
using refs = boost::container::flat_map<std::string, vendor_refs>;

/// Nothing if the vendor or the member is not there.
[[nodiscard]] text find_ref(const refs& from, const std::string& vendor, const std::string& member);

struct customer {
  text id, email, phone, first_name, last_name, language;
};

struct session {
  text id, market, language;
};

/// An item of a cart or an order; a product is one without quantity.
struct item {
  std::string product_id;
  text variant_id, name, category, currency, url, image_url, description;
  base::number quantity;  ///< 1 unless given; > 0
  money unit_price, discount;
  std::optional<bool> in_stock;
  event::attributes attributes;
  event::refs refs;

  /// What every vendor knows the item by: variant_id if present, else product_id.
  [[nodiscard]] const std::string& vendor_id() const noexcept {
    return variant_id ? *variant_id : product_id;
  }
};

struct cart {
  std::string id;
  text currency, recovery_url, recovery_token;
  money total;
  std::optional<std::vector<item>> items;  ///< absent and empty differ: empty is an emptied cart
  std::optional<moment> created_at, updated_at;
  event::attributes attributes;
  event::refs refs;
};

struct order {
  std::string id;
  text currency, cart_id, status, delivery_method, payment_method, delivery_address, restore_url;
  money total, shipping, discount, taxes;
  std::optional<std::vector<item>> items;
  std::optional<moment> placed_at;
  event::attributes attributes;
  event::refs refs;
};

struct category {
  std::string id;
  text name, url;
};

struct page {
  std::string url;
};

}  // namespace cartrelay::event
