#include "destinations/settings.hpp"

#include "http/message.hpp"
#include "http/url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::destinations {

std::string join_url(std::string_view base_url, std::string_view path) {
  while (!base_url.empty() && base_url.back() == '/')
    base_url.remove_suffix(1);
  return std::string(base_url) + std::string(path);
}

void check_url(const options& given, setting_faults& found) {
  const auto parsed = http::parse_url(given.url);
  if (!parsed)
    found.add("url", parsed.error().message());
  else if (parsed->path.find('?') != std::string::npos)
    found.add("url", "must not hold a query");
}

void check_events(const options& given, std::span<const event::event_type> can, setting_faults& found) {
  for (const auto type : given.events) {
    if (std::find(can.begin(), can.end(), type) != can.end()) continue;
    std::string known;
    for (const auto one : can)
      known += (known.empty() ? "" : ", ") + std::string(event::to_string(one));
    found.add("events", fmt::format("{} means nothing to {}, which takes {}", event::to_string(type),
                                    given.kind, known));
  }
}

void check_header_value(std::string_view setting, std::string_view text, setting_faults& found) {
  if (text.empty())
    found.add(std::string(setting), "required");
  else if (!http::is_valid_field_value(text))
    found.add(std::string(setting),
              "holds characters that cannot stand in an HTTP header, or begins or ends with a space");
}

void check_secret(const options& given, setting_faults& found) {
  check_header_value("secret", given.secret.reveal(), found);
}

}  // namespace cartrelay::destinations
