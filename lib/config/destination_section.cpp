#include "base/text.hpp"
#include "config/sections.hpp"
#include "destinations/registry.hpp"
#include "http/tls_settings.hpp"
#include "http/url.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace cartrelay::config {
namespace {

using namespace std::chrono_literals;
using destinations::setting_description;

bool is_valid_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

const destinations::kind* read_kind(table_reader& section) {
  std::string name;
  section.read("kind", name);
  const auto* kind = destinations::find_kind(name);
  if (kind != nullptr || section.has_fault("kind")) return kind;
  std::vector<std::string_view> names;
  for (const auto& each : destinations::kinds())
    names.push_back(each.name);
  if (!section.has("kind"))
    section.fail("kind", fmt::format("required: one of {}", fmt::join(names, ", ")));
  else if (const auto meant = base::nearest(name, names))
    section.fail("kind", fmt::format("\"{}\" is unknown, did you mean \"{}\"?", name, *meant));
  else
    section.fail("kind", fmt::format("\"{}\" is none of: {}", name, fmt::join(names, ", ")));
  return nullptr;
}

/// What an entry is read as whose kind nobody knows: it takes what any kind takes, and asks for nothing, so
/// that what is wrong with the rest is told all the same.
const destinations::kind& any_kind() {
  static const destinations::kind all = [] {
    destinations::kind out;
    out.defaults.events.assign(event::all_event_types.begin(), event::all_event_types.end());
    out.defaults.url = "https://vendor.invalid";
    out.secret = destinations::kind::secret_need::unless_settings;
    for (const auto& each : destinations::kinds())
      for (auto setting : each.settings) {
        setting.required = false;
        out.settings.push_back(std::move(setting));
      }
    return out;
  }();
  return all;
}

void read_events(table_reader& section, const destinations::kind& kind,
                 std::vector<event::event_type>& target) {
  std::vector<std::string> names;
  const auto before = section.fault_count();
  section.read("events", names);
  if (!section.has("events") || section.fault_count() != before) return;
  auto supported = kind.defaults.events;
  supported.insert(supported.end(), kind.on_request.begin(), kind.on_request.end());
  std::vector<std::string_view> takes;
  takes.reserve(supported.size());
  for (const auto type : supported)
    takes.push_back(event::to_string(type));
  if (names.empty())
    section.fail("events", "expected at least one event type; enabled = false gives it nothing");
  target.clear();
  for (const auto& name : names) {
    const auto type = event::parse_event_type(name);
    if (type && std::ranges::find(supported, *type) != supported.end())
      target.push_back(*type);
    else if (const auto meant = base::nearest(name, takes); meant && !type)
      section.fail("events", fmt::format("\"{}\" is unknown, did you mean \"{}\"?", name, *meant));
    else
      section.fail("events", fmt::format("\"{}\" does not go to {}; it takes: {}", name, kind.name,
                                         fmt::join(takes, ", ")));
  }
}

/// A value that no event can have would keep every event away, without a word.
void read_wanted(table_reader& section, std::string_view key, std::vector<std::string>& target,
                 bool (*is_possible)(std::string_view), std::string_view form) {
  section.read(key, target);
  for (const auto& one : target)
    if (!is_possible(one)) section.fail(key, fmt::format("\"{}\": expected {}", one, form));
}

void read_filter(table_reader section, destinations::filter_options& target) {
  read_wanted(section, "source", target.source, destinations::filter_options::is_possible_source,
              "a URI reference of at most 255 characters, as events have it");
  read_wanted(section, "market", target.market, destinations::filter_options::is_possible_market,
              "a market, as events name it: 1 to 255 characters, none of them a control character");
  read_wanted(section, "language", target.language, destinations::filter_options::is_possible_language,
              "a language tag like \"bg\" or \"bg-BG\"");
  section.finish();
}

void read_batch(table_reader section, destinations::batch_options& target) {
  section.read_count("max_events", target.max_events, 1, 10'000);
  std::uint64_t bytes = target.max_bytes;
  section.read_size("max_bytes", bytes, 1024);
  target.max_bytes = bytes;
  section.read_duration("linger", target.linger, 0ms);
  section.finish();
}

void read_retry(table_reader section, destinations::retry_options& target) {
  section.read_duration("initial", target.initial, 1ms);
  section.read_duration("max", target.max, 1ms);
  section.read_duration("max_age", target.max_age, 1s);
  if (target.max < target.initial) section.fail("max", "retry.max is shorter than retry.initial");
  section.finish();
}

void read_rate(table_reader section, destinations::rate_options& target) {
  section.read("per_second", target.per_second, 0);
  section.read("burst", target.burst, 0);
  section.finish();
}

void read_url(table_reader& section, std::string& target) {
  section.read("url", target);
  if (target.empty())
    return section.fail("url",
                        section.has("url") ? "must not be empty" : "required: this kind has no default");
  const auto parsed = http::parse_url(target);
  if (!parsed) section.fail("url", parsed.error().message());
}

void read_ca_file(table_reader& section, std::string& target, std::string& digest) {
  const auto before = section.fault_count();
  section.read_file("ca_file", target, digest);
  if (target.empty() || section.fault_count() != before) return;
  http::client_options probed;
  probed.ca_file = target;
  if (const auto made = http::make_client_tls(probed); !made) section.fail("ca_file", made.error().message());
}

void read_proxy(table_reader& section, std::string& target) {
  section.read("proxy", target);
  if (target.empty()) return;
  if (const auto parsed = http::parse_proxy(target); !parsed) section.fail("proxy", parsed.error().message());
}

/// The kind's own settings, as it describes them. Settings with a dot in no name: they stand beside the
/// common ones.
void read_own(table_reader& section, const destinations::kind& kind, destinations::settings& target) {
  for (const auto& description : kind.settings) {
    const std::string name(description.name);
    auto value = description.fallback;
    switch (description.holds) {
      case setting_description::type::text:
        section.read(name, std::get<std::string>(value));
        break;
      case setting_description::type::boolean:
        section.read(name, std::get<bool>(value));
        break;
      case setting_description::type::text_list:
        section.read(name, std::get<std::vector<std::string>>(value));
        break;
      case setting_description::type::secret:
        section.read_secret(name, std::get<base::secret>(value));
        break;
    }
    if (description.required && !section.has(name))
      section.fail(name, fmt::format("required: {}", description.meaning));
    target[name] = std::move(value);
  }
}

void read_common(table_reader& section, const destinations::kind& kind, destinations::options& target) {
  section.read("enabled", target.enabled);
  read_events(section, kind, target.events);
  read_filter(section.child("filter"), target.filter);
  read_url(section, target.url);
  read_ca_file(section, target.ca_file, target.ca_digest);
  read_proxy(section, target.proxy);
  section.read_duration("connect_timeout", target.connect_timeout, 10ms);
  section.read_duration("request_timeout", target.request_timeout, 10ms);
  section.read_count("concurrency", target.concurrency, 1, 1'000);
  read_rate(section.child("rate"), target.rate);
  read_batch(section.child("batch"), target.batch);
  read_retry(section.child("retry"), target.retry);
  auto in_doubt = static_cast<std::size_t>(target.on_in_doubt);
  section.read_choice("on_in_doubt", {"retry", "dead_letter"}, in_doubt);
  target.on_in_doubt = static_cast<destinations::on_in_doubt>(in_doubt);
  if (kind.secret != destinations::kind::secret_need::none) section.read_secret("secret", target.secret);
}

std::optional<destinations::options> read_destination(table_reader& section, std::set<std::string>& taken) {
  std::string name;
  section.read("name", name);
  if (!section.has("name"))
    section.fail("name", "required");
  else if (!section.has_fault("name") && !is_valid_name(name))
    section.fail("name", fmt::format("\"{}\": expected 1 to 40 of a-z, 0-9 and -", name));
  else if (!taken.insert(name).second)
    section.fail("name", fmt::format("\"{}\" stands twice", name));
  const auto* kind = read_kind(section);
  const auto& read_as = kind == nullptr ? any_kind() : *kind;
  destinations::options out = read_as.defaults;
  out.name = name;
  out.kind = read_as.name;
  read_common(section, read_as, out);
  read_own(section, read_as, out.own);
  section.finish();
  return kind == nullptr ? std::nullopt : std::optional(std::move(out));
}

/// An event that waits for company until it has expired is never sent.
void check_linger(table_reader batch, const destinations::options& read) {
  if (batch.has("linger") && read.batch.linger >= read.retry.max_age)
    batch.fail("linger", "not shorter than retry.max_age: events would expire before they are sent");
}

/// What only the kind can judge, unless the setting is known to be wrong already.
void check_by_kind(table_reader& section, const destinations::options& read) {
  const auto made = destinations::find_kind(read.kind)->make(read);
  const auto wrong = made ? destinations::setting_faults{} : made.error();
  for (const auto& [setting, detail] : wrong.found())
    if (!section.has_fault(setting)) section.fail(setting, detail);
  if (made && (*made)->largest_batch() > 1) check_linger(section.child("batch"), read);
}

}  // namespace

void read_destinations(std::vector<table_reader> sections, std::vector<destinations::options>& target) {
  std::set<std::string> taken;
  for (auto& section : sections) {
    const auto before = section.fault_count();
    auto read = read_destination(section, taken);
    if (read) check_by_kind(section, *read);
    if (read && section.fault_count() == before) target.push_back(std::move(*read));
  }
}

}  // namespace cartrelay::config
