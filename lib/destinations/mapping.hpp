#pragma once

#include "base/json_writer.hpp"
#include "destinations/destination.hpp"
#include "event/event.hpp"

#include <string>
#include <string_view>

/// Small pieces of the way from an event to a vendor's words that several kinds share. Pure; any thread.
namespace cartrelay::destinations {

/// As one text: numbers as base::number::plain() has them, `true`/`false`, arrays joined by `, `.
[[nodiscard]] std::string attribute_text(const event::attribute_value& value);
/// The same amount as base::number::canonical() has it: without exponent, if it is in reason, and without
/// zeros after the point that say nothing: `2.0` → `2`.
[[nodiscard]] std::string quantity_text(const event::item& of);

/// An empty text is none.
[[nodiscard]] event::text unless_empty(event::text value);
/// A member of the object that is open, left out unless it has a text.
void write_optional(base::json_writer& out, std::string_view name, event::text value);
[[nodiscard]] event::text session_language(const event::event& what);
[[nodiscard]] event::text customer_language(const event::event& what);
/// Of the session, else of the customer.
[[nodiscard]] event::text language_of(const event::event& what);
/// Whether a language range such as `bg` covers a tag such as `bg-BG`: the tag itself or its first subtags,
/// letter case aside (basic filtering, RFC 4647, 3.3.1).
[[nodiscard]] bool language_covers(std::string_view range, std::string_view tag);
[[nodiscard]] event::text market_of(const event::event& what);

/// The same event always gets the same UUID (version 5 of source and id), so that a repeat is known by it.
[[nodiscard]] std::string event_uuid(const event::event& what);

/// Order keys; the prefix keeps kinds of keys apart.
[[nodiscard]] std::string order_key(const event::order& of);
[[nodiscard]] std::string cart_key(std::string_view cart_id);
/// For an event that shares its order with none.
[[nodiscard]] std::string lone_key(const event::event& what);

/// The event need not go there: `reason` is a short class.
[[nodiscard]] screening skip(std::string reason, std::string detail);
/// The vendor needs what the event does not have; the class is always `unmappable`.
[[nodiscard]] screening unmappable(std::string detail);
/// The type is none that the kind can send (its `events` were checked, so only a changed configuration brings
/// this about: the event was routed under an earlier one).
[[nodiscard]] screening not_for_this_kind(const event::event& what);

}  // namespace cartrelay::destinations
