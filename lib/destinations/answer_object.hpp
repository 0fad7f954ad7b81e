#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>

namespace cartrelay::destinations {

/// The JSON object that a vendor's answer is; nothing if it is anything else. A byte order mark before it is
/// passed over, as RFC 8259, 8.1 allows: some servers write one without knowing.
[[nodiscard]] std::optional<boost::json::object> answer_object(std::string_view body);

}  // namespace cartrelay::destinations
