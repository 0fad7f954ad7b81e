#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::destinations::rokt {

/// What Rokt gave back for an item that it confirmed.
struct confirmation {
  std::string cart_item_id, reservation_id;
  std::optional<std::string> id, url;

  friend bool operator==(const confirmation&, const confirmation&) = default;
};

/// How far the confirmation of an order came: what a replay has to know, so that no item is confirmed twice.
struct progress {
  std::vector<std::size_t> open;  ///< indices into the order's items: those still to confirm
  std::vector<confirmation> confirmed;

  friend bool operator==(const progress&, const progress&) = default;
};

/// As a memo: `{"open":[0,2],"items":[…]}`.
[[nodiscard]] std::string encode(const progress& value);
/// Nothing if encode() cannot have written it.
[[nodiscard]] std::optional<progress> decode(std::string_view memo);

/// What a shop can use, in the vendor's words:
/// `{"items":[{"cartItemId","itemReservationId","itemConfirmationId","itemConfirmationUrl"}]}`; empty if
/// none.
[[nodiscard]] std::string results(const std::vector<confirmation>& confirmed);

}  // namespace cartrelay::destinations::rokt
