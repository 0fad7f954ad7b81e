#pragma once

#include "base/error.hpp"

#include <string>

namespace cartrelay::dispatch {

enum class errc {
  unknown_kind = 1,    ///< no destination kind of that name
  partitions,          ///< the queue has several partitions, and this dispatcher follows one
  unreadable_control,  ///< a destination's stored state makes no sense
  other_kind,          ///< a destination that holds events is to become one of another kind
  stopping,            ///< the dispatcher ends: nothing new is begun
};

[[nodiscard]] const boost::system::error_category& dispatch_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc value) noexcept {
  return {static_cast<int>(value), dispatch_category()};
}
[[nodiscard]] inline base::error fail(errc value, std::string detail = {}) {
  return {make_error_code(value), std::move(detail)};
}

}  // namespace cartrelay::dispatch

template <>
struct boost::system::is_error_code_enum<cartrelay::dispatch::errc> : std::true_type {};
