#pragma once

#include "destinations/esputnik/params.hpp"
#include "event/event.hpp"

namespace cartrelay::destinations::esputnik {

/// The parameters of a view or of a cart's state, after those that identify the contact. Objects and lists
/// travel as JSON text.
void add_page(params& out, const event::page& page);
void add_category(params& out, const event::category& category);
void add_product(params& out, const event::item& product);
/// In which currency a cart's prices are: its items' own, else the cart's. Nothing: nobody says.
[[nodiscard]] event::text currency_of(const event::cart& cart);
/// They are in several, and the vendor has room for one.
[[nodiscard]] bool has_several_currencies(const event::cart& cart);
/// The cart as it is now; `emptied` (a cart that is gone) leaves its products out whatever the event holds.
void add_cart(params& out, const event::event& what, bool emptied);

}  // namespace cartrelay::destinations::esputnik
