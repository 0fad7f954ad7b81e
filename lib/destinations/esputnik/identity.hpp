#pragma once

#include "event/event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::destinations::esputnik {

/// Who an event is about, in the vendor's words. At least one of the three is there. Its views, and those
/// that it gives, are good as long as both it and the event live.
struct identity {
  event::text email, id;
  std::string phone;  ///< digits only; empty: none

  /// What stands for the contact where one value has to: email, else phone, else id.
  [[nodiscard]] std::string_view key_value() const {
    if (email) return *email;
    return phone.empty() ? *id : std::string_view(phone);
  }
  /// The shop's id of the contact, else what stands for it.
  [[nodiscard]] std::string_view external_customer_id() const { return id ? *id : key_value(); }
  /// By channel: an email address or a phone. Without one there is nothing to reach the contact by, and the
  /// vendor cannot import it.
  [[nodiscard]] bool has_channel() const noexcept { return email || !phone.empty(); }
};

/// Nothing if they name nobody.
[[nodiscard]] std::optional<identity> identify(const event::customer& customer);
[[nodiscard]] std::optional<identity> identify(const event::event& what);

}  // namespace cartrelay::destinations::esputnik
