#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cartrelay::http {

enum class inflate_end { ok, malformed, too_large };

/// Inflates a gzip body (RFC 1952; several members in a row are one body) into `out`, which holds at most
/// `limit` bytes afterwards: a bomb is found out at the limit, not after it.
[[nodiscard]] inflate_end inflate_gzip(std::string_view compressed, std::size_t limit, std::string& out);

}  // namespace cartrelay::http
