#pragma once

#include "base/error.hpp"

#include <string>

namespace cartrelay::sandbox {

enum class errc {
  cannot_write = 1,  ///< the authority's file or the log
  bad_option,        ///< a secret for a vendor that there is not
};

[[nodiscard]] const boost::system::error_category& sandbox_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc value) noexcept {
  return {static_cast<int>(value), sandbox_category()};
}
[[nodiscard]] inline base::error fail(errc value, std::string detail = {}) {
  return {make_error_code(value), std::move(detail)};
}

}  // namespace cartrelay::sandbox

template <>
struct boost::system::is_error_code_enum<cartrelay::sandbox::errc> : std::true_type {};
