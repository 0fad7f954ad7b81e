#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cartrelay::daemon {

/// The answer of POST /v1/preview for a person: each destination with its verdict and why, then its requests.
[[nodiscard]] std::string preview_text(const boost::json::value& preview);

}  // namespace cartrelay::daemon
