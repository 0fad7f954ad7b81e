#pragma once

#include <string_view>

namespace cartrelay::admin {

/// A file of the dashboard, as it lies in dashboard/, built into the program.
struct asset {
  std::string_view path;  ///< `/dashboard.js`; the page itself is `/`
  std::string_view media_type;
  std::string_view content;
};

/// Null: there is none.
[[nodiscard]] const asset* find_asset(std::string_view path) noexcept;

}  // namespace cartrelay::admin
