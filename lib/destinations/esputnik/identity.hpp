#pragma once

#include "event/event.hpp"

#include <optional>
#include <string>

namespace cartrelay::destinations::esputnik {

/// Who an event is about, in the vendor's words. At least one of the three is there.
struct identity {
  event::text email, phone, id;  ///< phone: digits only

  /// What stands for the contact where one value has to: email, else phone, else id.
  [[nodiscard]] const std::string& key_value() const { return email ? *email : phone ? *phone : *id; }
  /// The shop's id of the contact, else what stands for it.
  [[nodiscard]] const std::string& external_customer_id() const { return id ? *id : key_value(); }
  /// By channel: an email address or a phone. Without one there is nothing to reach the contact by, and the
  /// vendor cannot import it.
  [[nodiscard]] bool has_channel() const noexcept { return email || phone; }
};

/// Nothing if they name nobody.
[[nodiscard]] std::optional<identity> identify(const event::customer& customer);
[[nodiscard]] std::optional<identity> identify(const event::event& what);

}  // namespace cartrelay::destinations::esputnik
