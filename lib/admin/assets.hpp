#pragma once

#include <string_view>

namespace cartrelay::admin {

/// A file of the dashboard, built into the program. Its path is not its name in dashboard/: `/` is page.html,
/// `/dashboard.css` style.css, and `/dashboard.js` script.js with events.js behind it (assets.cmake).
struct asset {
  std::string_view path;
  std::string_view media_type;
  std::string_view content;
};

/// Null: there is none.
[[nodiscard]] const asset* find_asset(std::string_view path) noexcept;

}  // namespace cartrelay::admin
