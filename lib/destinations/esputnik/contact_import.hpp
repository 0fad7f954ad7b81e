#pragma once

#include "destinations/esputnik/identity.hpp"
#include "event/event.hpp"

#include <string>

namespace cartrelay::destinations::esputnik {

/// The vendor drops events of contacts that it does not know, so a contact is imported before the first order
/// it places.
[[nodiscard]] bool needs_import(const event::event& what, const identity& who) noexcept;
/// The body of the import: one contact, matched to one that is there already by email address, else by phone.
[[nodiscard]] std::string import_body(const event::event& what, const identity& who);
/// Under which key of the destination's memory it stands that the contact was imported. A digest: the memory
/// holds no addresses.
[[nodiscard]] std::string import_key(const identity& who);

}  // namespace cartrelay::destinations::esputnik
