#pragma once

#include "sandbox/shape.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cartrelay::sandbox {

/// The body of `POST v1/event`, taken apart.
struct contact_event {
  std::string type;  ///< eventTypeKey
  std::string key_value;
  std::vector<std::pair<std::string, std::string>> params;

  /// The value of that parameter, or an empty string.
  [[nodiscard]] std::string_view param(std::string_view name) const noexcept;
};

/// Holds an event against the contract: members, forms, and the JSON that travels inside strings. `notes`:
/// what the vendor takes but makes nothing of.
[[nodiscard]] contact_event check_event(const value& body, violations& found,
                                        std::vector<std::string>& notes);

/// One of the four event types that make or change orders.
[[nodiscard]] bool is_order_event(std::string_view type) noexcept;

/// The parameters by which the vendor looks for the contact, as `email:…`, `phone:…`, `customer:…`,
/// `other:…`.
[[nodiscard]] std::vector<std::string> identities(const contact_event& event);

/// What `orderCreated` must carry and does not; the vendor ignores such an event.
[[nodiscard]] std::vector<std::string_view> missing_for_order(const contact_event& event);

/// Holds the body of `POST v1/contacts` against the contract; the array of contacts if it is there.
[[nodiscard]] const value* check_contacts(const value& body, violations& found);
/// As identities(), of one contact.
[[nodiscard]] std::vector<std::string> identities(const value& contact);

}  // namespace cartrelay::sandbox
