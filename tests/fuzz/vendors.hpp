#pragma once

#include "destinations/destination.hpp"
#include "destinations/options.hpp"
#include "event/event.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

/// Destinations of every kind, and events that they take.
namespace cartrelay::fuzz {

inline constexpr std::string_view hidden_secret = "s3cret-of-the-vendor";
[[nodiscard]] base::timestamp now();  ///< when everything here happens

struct vendor {
  destinations::options given;
  std::unique_ptr<destinations::destination> where;
};
/// A fresh one, so that no token that an earlier input brought is left. Kinds with several ways to work are
/// there once for each; `which` counts modulo their number.
[[nodiscard]] vendor make_vendor(unsigned which);
[[nodiscard]] std::size_t vendor_count();

/// Events in which everything is filled in, one of each type.
[[nodiscard]] std::span<const event::event_ptr> full_events();

/// What a kind hands to the HTTP client must be sendable: a URL of the destination's own host, fields without
/// line breaks, a body that is JSON.
void check_request(const http::request& made, const destinations::options& given);

}  // namespace cartrelay::fuzz
