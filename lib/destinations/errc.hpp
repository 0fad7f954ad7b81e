#pragma once

#include "base/error.hpp"

#include <string>

namespace cartrelay::destinations {

enum class errc {
  bad_setting = 1,  ///< a destination cannot be made from its options: the detail names the setting
};

[[nodiscard]] const boost::system::error_category& destinations_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc value) noexcept {
  return {static_cast<int>(value), destinations_category()};
}
[[nodiscard]] inline base::error fail(errc value, std::string detail) {
  return {make_error_code(value), std::move(detail)};
}

}  // namespace cartrelay::destinations

template <>
struct boost::system::is_error_code_enum<cartrelay::destinations::errc> : std::true_type {};
