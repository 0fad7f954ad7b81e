#pragma once

#include "destinations/rokt/progress.hpp"
#include "destinations/rokt/reservation.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cartrelay::destinations::rokt {

/// Of each item sent: nothing if it did not come back with `success: true`.
using confirmations = std::vector<std::optional<confirmation>>;

/// What the body of a 2xx says of the items; nothing if it is no JSON object, and so tells nothing of any.
/// An item is known by its ids, and each entry of the answer stands for one item: first those with both ids,
/// then those with one. A `false` that is left over counts for every item that it may stand for. An object
/// that is not as documented confirms nothing. Confirmation ids and URLs that are longer than 4 KiB or hold
/// more than visible ASCII are left out.
[[nodiscard]] std::optional<confirmations> read_answer(std::string_view body,
                                                       const std::vector<reservation>& sent);

}  // namespace cartrelay::destinations::rokt
