#include "destinations/settings.hpp"

#include "destinations/errc.hpp"
#include "http/client.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::destinations {

std::string join_url(std::string_view base_url, std::string_view path) {
  while (!base_url.empty() && base_url.back() == '/')
    base_url.remove_suffix(1);
  return std::string(base_url) + std::string(path);
}

base::result<void> check_url(const options& given) {
  const auto parsed = http::parse_url(given.url);
  if (!parsed) return fail(errc::bad_setting, "url: " + parsed.error().message());
  if (parsed->path.find('?') != std::string::npos)
    return fail(errc::bad_setting, "url: must not hold a query");
  return {};
}

base::result<void> check_events(const options& given, std::span<const event::event_type> can) {
  for (const auto type : given.events) {
    if (std::find(can.begin(), can.end(), type) != can.end()) continue;
    std::string known;
    for (const auto one : can)
      known += (known.empty() ? "" : ", ") + std::string(event::to_string(one));
    return fail(errc::bad_setting, fmt::format("events: {} means nothing to {}, which takes {}",
                                               event::to_string(type), given.kind, known));
  }
  return {};
}

base::result<void> check_secret(const options& given) {
  if (given.secret.empty()) return fail(errc::bad_setting, "secret: required");
  if (!http::is_valid_field_value(given.secret.reveal()))
    return fail(errc::bad_setting, "secret: holds characters that cannot stand in an HTTP header");
  return {};
}

}  // namespace cartrelay::destinations
