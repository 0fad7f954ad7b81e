#pragma once

#include "admin/snapshot.hpp"

#include <string>

namespace cartrelay::admin::testing {

inline const base::timestamp started = base::parse_rfc3339("2026-11-21T10:00:00Z").value();

/// A daemon that is well, with one destination that has had an adventure or two.
[[nodiscard]] snapshot sample();

[[nodiscard]] std::string page_view(const std::string& id);
/// With a customer whom every vendor can reach.
[[nodiscard]] std::string order_paid(const std::string& id, const std::string& order);
/// Without a customer: an event that releva cannot map, and so a dead letter.
[[nodiscard]] std::string anonymous_order(const std::string& id, const std::string& order);
/// Such a one, of about 900 KiB: five fill a page of a list.
[[nodiscard]] std::string large_order(const std::string& id, const std::string& order);

}  // namespace cartrelay::admin::testing
