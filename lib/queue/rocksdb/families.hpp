#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace cartrelay::queue::rocks {

/// The column families, in the order of their handles.
enum class family : std::size_t {
  meta,
  log,
  routes,
  dedup,
  ends,
  exceptions,
  dead_letters,
  copies,
  index,
  state
};
inline constexpr std::array<std::string_view, 10> family_names{
    "default", "log", "routes", "dedup", "ends", "exceptions", "dead_letters", "copies", "index", "state"};

}  // namespace cartrelay::queue::rocks
