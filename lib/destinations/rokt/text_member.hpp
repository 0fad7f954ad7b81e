#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::destinations::rokt {

/// Nothing if the object has no such member, or one that is no string.
[[nodiscard]] inline std::optional<std::string> text_member(const boost::json::object& from,
                                                            std::string_view name) {
  const auto* value = from.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

}  // namespace cartrelay::destinations::rokt
