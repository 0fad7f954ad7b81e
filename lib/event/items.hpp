#pragma once

#include "event/reader.hpp"
#include "event/types.hpp"

#include <optional>

/// What stands inside cart, order and data alike.
namespace cartrelay::event {

enum class item_place {
  cart,     ///< cart.items and data.item
  order,    ///< unit_price is required
  product,  ///< data.product: no quantity
};

// Nothing of these stands in an outline: they are checked and left out.
[[nodiscard]] std::optional<item> read_item(reader& in, const node& value, item_place where);
[[nodiscard]] std::vector<item> read_items(reader& in, const node& value, item_place where);
/// A string by this rule, a number or a boolean.
[[nodiscard]] std::optional<attribute_value> read_scalar(reader& in, const node& value,
                                                         const text_rule& rule);
[[nodiscard]] attributes read_attributes(reader& in, const node& value);
[[nodiscard]] refs read_refs(reader& in, const node& value);

/// The written form of a currency and of a language, for the faults.
inline constexpr std::string_view currency_form = "three capital letters (ISO 4217), such as EUR";
inline constexpr std::string_view language_form = "a language tag (BCP 47), such as bg or en-GB";

}  // namespace cartrelay::event
