#pragma once

#include <string>
#include <string_view>

namespace cartrelay::base {

/// A random UUID (version 4), lower case.
[[nodiscard]] std::string uuid_v4();
/// RFC 9562, version 5, in Cartrelay's own namespace: the same name always gives the same UUID. Vendors see
/// these, so they are fixed for ever.
[[nodiscard]] std::string uuid_v5(std::string_view name);

}  // namespace cartrelay::base
