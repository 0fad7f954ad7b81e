#include "admin/routes.hpp"

#include "base/text.hpp"

#include <array>

namespace cartrelay::admin {
namespace {

struct fixed_path {
  std::string_view path;
  resource what;
  exposure shown;
  verb does = verb::read;
};
constexpr std::array fixed_paths{
    fixed_path{"/livez", resource::livez, exposure::anybody},
    fixed_path{"/readyz", resource::readyz, exposure::anybody},
    fixed_path{"/status", resource::status, exposure::figures},
    fixed_path{"/metrics", resource::metrics, exposure::figures},
    fixed_path{"/", resource::asset, exposure::anybody},
    fixed_path{"/dashboard.css", resource::asset, exposure::anybody},
    fixed_path{"/dashboard.js", resource::asset, exposure::anybody},
    fixed_path{"/icon.svg", resource::asset, exposure::anybody},
    fixed_path{"/v1/events", resource::events, exposure::guarded},
    fixed_path{"/v1/dead-letters", resource::dead_letters, exposure::guarded},
    fixed_path{"/v1/dead-letters/replay", resource::replay, exposure::guarded, verb::post},
    fixed_path{"/v1/dead-letters/discard", resource::discard, exposure::guarded, verb::post},
    fixed_path{"/v1/preview", resource::preview, exposure::guarded, verb::post},
    fixed_path{"/v1/customers", resource::customers, exposure::guarded, verb::erase},
};

/// One segment stands between the two ends.
struct open_path {
  std::string_view prefix;
  std::string_view suffix;
  resource what;
  verb does = verb::read;
};
constexpr std::array open_paths{
    open_path{"/v1/events/", "", resource::event},
    open_path{"/v1/dead-letters/", "", resource::dead_letter},
    open_path{"/v1/destinations/", "/pause", resource::pause, verb::post},
    open_path{"/v1/destinations/", "/resume", resource::resume, verb::post},
};

std::optional<std::string> segment_of(std::string_view path, const open_path& pattern) {
  if (path.size() <= pattern.prefix.size() + pattern.suffix.size()) return std::nullopt;
  if (!path.starts_with(pattern.prefix) || !path.ends_with(pattern.suffix)) return std::nullopt;
  path.remove_prefix(pattern.prefix.size());
  path.remove_suffix(pattern.suffix.size());
  if (path.find('/') != std::string_view::npos) return std::nullopt;
  auto decoded = base::percent_decode(path);
  if (decoded && !base::is_valid_utf8(*decoded)) decoded.reset();
  return decoded;
}

}  // namespace

std::string_view route::allow() const noexcept {
  switch (does) {
    case verb::post:
      return "POST";
    case verb::erase:
      return "DELETE";
    case verb::read:
      break;
  }
  return "GET, HEAD";
}

bool route::takes(std::string_view method) const noexcept {
  return method == (does == verb::read ? "GET" : allow());
}

std::optional<route> find_route(std::string_view path) {
  for (const auto& each : fixed_paths)
    if (each.path == path)
      return route{each.what, each.shown, each.does,
                   each.what == resource::asset ? std::string(path) : std::string()};
  for (const auto& each : open_paths)
    if (auto segment = segment_of(path, each))
      return route{each.what, exposure::guarded, each.does, std::move(*segment)};
  return std::nullopt;
}

}  // namespace cartrelay::admin
