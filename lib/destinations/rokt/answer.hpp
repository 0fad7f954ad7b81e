#pragma once

#include "destinations/rokt/progress.hpp"
#include "destinations/rokt/reservation.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cartrelay::destinations::rokt {

/// What the body of a 2xx says of each item sent: its confirmation, or nothing if it did not come back with
/// `success: true`. An item is known by its ids, and each entry of the answer stands for one item: first
/// those with both ids, then those with one. A `false` that is left over counts for every item that it may
/// stand for. A body that is not as documented confirms nothing. Confirmation ids and URLs that are longer
/// than 4 KiB or hold more than visible ASCII are left out.
[[nodiscard]] std::vector<std::optional<confirmation>> read_answer(std::string_view body,
                                                                   const std::vector<reservation>& sent);

}  // namespace cartrelay::destinations::rokt
