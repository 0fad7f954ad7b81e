#pragma once

#include <optional>
#include <string_view>

namespace cartrelay::base {

/// The type that a Content-Type names (RFC 9110, 8.3), without its parameters. Nothing if a `charset` is
/// given that is not UTF-8; other parameters are passed over.
[[nodiscard]] std::optional<std::string_view> media_type_in_utf8(std::string_view content_type) noexcept;
/// That it is `application/json`, in any case.
[[nodiscard]] bool is_json_media_type(std::string_view content_type) noexcept;

}  // namespace cartrelay::base
