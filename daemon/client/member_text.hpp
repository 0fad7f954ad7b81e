#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

/// Members of what the daemon answers, for those who print them.
namespace cartrelay::daemon {

/// Null if `from` is no object or has none of that name.
[[nodiscard]] const boost::json::value* find_member(const boost::json::value& from, std::string_view name);
/// A member that is a string, else its JSON text, made visible; empty if it is not there or null.
[[nodiscard]] std::string member_text(const boost::json::value& from, std::string_view name);

}  // namespace cartrelay::daemon
