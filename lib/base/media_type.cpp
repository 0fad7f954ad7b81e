#include "base/media_type.hpp"

#include "base/text.hpp"

namespace cartrelay::base {
namespace {

/// `charset=utf-8`, or another parameter.
bool fits_utf8(std::string_view parameter) noexcept {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos || !equals_ignoring_case(parameter.substr(0, equals), "charset"))
    return true;
  auto value = parameter.substr(equals + 1);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return equals_ignoring_case(value, "utf-8");
}

}  // namespace

std::optional<std::string_view> media_type_in_utf8(std::string_view content_type) noexcept {
  auto semicolon = content_type.find(';');
  const auto type = trim(content_type.substr(0, semicolon));
  while (semicolon != std::string_view::npos) {
    content_type.remove_prefix(semicolon + 1);
    semicolon = content_type.find(';');
    if (!fits_utf8(trim(content_type.substr(0, semicolon)))) return std::nullopt;
  }
  return type;
}

bool is_json_media_type(std::string_view content_type) noexcept {
  const auto type = media_type_in_utf8(content_type);
  return type && equals_ignoring_case(*type, "application/json");
}

}  // namespace cartrelay::base
