#pragma once

#include "destinations/destination.hpp"
#include "destinations/options.hpp"
#include "destinations/setting_faults.hpp"
#include "event/options.hpp"

#include <boost/system/result.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::destinations {

/// A setting that only one kind has. config reads it by this description and names its faults.
struct setting_description {
  enum class type { text, boolean, text_list, secret };
  std::string_view name;
  type holds = type::text;
  bool required = false;
  setting_value fallback;    ///< the default if not required; a secret's default is an empty one
  std::string_view meaning;  ///< a few words, for docs and messages
};

/// An instance, or everything that is wrong with the options that it was to be made of.
using made_destination = boost::system::result<std::unique_ptr<destination>, setting_faults>;

/// A vendor kind: what it is called, its defaults, its own settings, and how to make an instance.
struct kind {
  std::string_view name;
  /// Default options: events, url (empty: required), max_age, batch, on_in_doubt…; name and kind are left to
  /// the caller.
  options defaults;
  enum class secret_need { none, required, unless_settings } secret = secret_need::required;
  std::vector<setting_description> settings;
  /// Checks what only the kind can: a time zone, settings that exclude each other.
  made_destination (*make)(const options& given) = nullptr;
  /// Events that the kind takes when asked for, beside `defaults.events`.
  std::vector<event::event_type> on_request = {};
  /// What the vendor issues and wants back: the members that an event's `refs` may hold under this kind's
  /// name.
  std::vector<std::string> refs = {};
  /// Where else than to `url` requests go; null: nowhere.
  std::vector<std::string> (*other_urls)(const options& given) = nullptr;
};

/// All kinds, in the order of their names in the documentation. Adding a vendor is a folder and a line in
/// registry.cpp.
[[nodiscard]] std::span<const kind> kinds();
[[nodiscard]] const kind* find_kind(std::string_view name);
/// vendor → members of `refs`, over all kinds: what event::options wants to know.
[[nodiscard]] event::vocabulary known_refs();

}  // namespace cartrelay::destinations
