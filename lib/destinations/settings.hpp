#pragma once

#include "destinations/options.hpp"
#include "destinations/setting_faults.hpp"

#include <span>
#include <string>
#include <string_view>

/// Reading and checking options when a destination is made. A check adds what it finds wrong.
namespace cartrelay::destinations {

/// A setting of the kind's own. Its description promised the type: another one, or none, is a broken
/// invariant and throws.
template <class T>
[[nodiscard]] const T& setting(const options& given, const std::string& name) {
  return std::get<T>(given.own.at(name));
}

/// Of the endpoint `base_url` under `path` (with a leading slash).
[[nodiscard]] std::string join_url(std::string_view base_url, std::string_view path);

/// https, or http for loopback; host; no query.
void check_url(const options& given, setting_faults& found);
/// `events` holds nothing but what the kind can send.
void check_events(const options& given, std::span<const event::event_type> can, setting_faults& found);
/// The text of a setting is there and can stand in a header field.
void check_header_value(std::string_view setting, std::string_view text, setting_faults& found);
void check_secret(const options& given, setting_faults& found);

}  // namespace cartrelay::destinations
