#pragma once

#include "destinations/options.hpp"

#include <string>

/// Tell whether a destination is still what it was when something was stored about it, without storing any of
/// it: 32 bits of a salted SHA-256, far too few to find a secret by, and enough to notice another one.
namespace cartrelay::dispatch {

/// Of the account at the vendor: its url, its secrets, and every text among the settings of its kind. A text
/// that names no account (a language, say) counts too: whoever changes it pays with a question to the vendor.
[[nodiscard]] std::string account_mark(const destinations::options& given);
/// Of the url alone.
[[nodiscard]] std::string address_mark(const destinations::options& given);

}  // namespace cartrelay::dispatch
