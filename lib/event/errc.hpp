#pragma once

#include "base/error.hpp"

#include <string>

namespace cartrelay::event {

/// What may be wrong with a stored event.
enum class errc {
  unknown_version = 1,  ///< written by a newer program
  corrupt,              ///< no valid event has this content
};

[[nodiscard]] const boost::system::error_category& event_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc value) noexcept {
  return {static_cast<int>(value), event_category()};
}
[[nodiscard]] inline base::error fail(errc value, std::string detail = {}) {
  return {make_error_code(value), std::move(detail)};
}

}  // namespace cartrelay::event

template <>
struct boost::system::is_error_code_enum<cartrelay::event::errc> : std::true_type {};
