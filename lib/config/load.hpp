#pragma once

#include "config/configuration.hpp"
#include "config/fault.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::config {

using loaded = boost::system::result<configuration, std::vector<fault>>;

/// Reads the file and the secrets that it names. Every fault, or a whole configuration; nothing is thrown.
[[nodiscard]] loaded load(const std::string& path);
/// The same for text that stands in `name`.
[[nodiscard]] loaded parse(std::string_view text, const std::string& name);

}  // namespace cartrelay::config
