#include "daemon/client/status_table.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>
#include <cmath>

namespace cartrelay::daemon {
namespace {

using boost::json::value;

std::string text(const value& from, std::string_view member) {
  const auto& found = from.at(member);
  return found.is_string() ? std::string(found.get_string()) : boost::json::serialize(found);
}

std::uint64_t count(const value& from, std::string_view member) {
  return from.at(member).to_number<std::uint64_t>();
}

std::string span(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f}s", seconds);
  if (seconds < 3600) return fmt::format("{:.0f}m", seconds / 60);
  if (seconds < 86400) return fmt::format("{:.1f}h", seconds / 3600);
  return fmt::format("{:.1f}d", seconds / 86400);
}

std::string bytes(double size) {
  static constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < units.size(); ++unit)
    size /= 1024;
  return unit == 0 ? fmt::format("{:.0f} B", size) : fmt::format("{:.1f} {}", size, units[unit]);
}

std::string painted(std::string_view words, bool wrong, bool colours) {
  if (!colours) return std::string(words);
  return fmt::format("\x1b[{}m{}\x1b[0m", wrong ? "1;31" : "32", words);
}

void add_heading(std::string& out, const value& status, bool colours) {
  const auto& ingest = status.at("ingest");
  const auto& queue = status.at("queue");
  const auto state = text(status, "state");
  out += fmt::format("cartrelay {}  {}  up {}\n", text(status, "version"),
                     painted(state, state != "running", colours),
                     span(status.at("uptime_s").to_number<double>()));
  out += fmt::format("ingest  accepted {}  duplicates {}  refused {}  commit p50 {:.1f} ms, p99 {:.1f} ms\n",
                     count(ingest, "accepted_total"), count(ingest, "duplicate_total"),
                     count(ingest, "refused_total"), ingest.at("commit_ms").at("p50").to_number<double>(),
                     ingest.at("commit_ms").at("p99").to_number<double>());
  out += fmt::format("queue   {} events, {} of {}{}\n\n", count(queue, "events"),
                     bytes(queue.at("bytes").to_number<double>()),
                     bytes(queue.at("max_bytes").to_number<double>()),
                     queue.at("writable").as_bool() ? "" : "  " + painted("not writable", true, colours));
}

std::string row(const value& destination, bool colours) {
  const auto state = text(destination, "state");
  const auto& oldest = destination.at("oldest_pending_age_s");
  const auto state_cell = fmt::format("{:<11}", state);
  return fmt::format("{:<16.16} {} {:>9} {:>9} {:>8} {:>8} {:>6} {:>7}\n", text(destination, "name"),
                     painted(state_cell, state != "active", colours), count(destination, "delivered_total"),
                     count(destination, "backlog"), count(destination, "retrying"),
                     count(destination, "in_flight"), count(destination, "dead_letters"),
                     count(destination, "backlog") == 0 ? "-" : span(oldest.to_number<double>()));
}

std::string trouble(const value& destination, std::size_t width) {
  std::string line;
  if (const auto reason = text(destination, "reason"); !reason.empty()) line = reason;
  if (const auto* error = destination.as_object().if_contains("last_error");
      error != nullptr && error->is_object()) {
    if (!line.empty()) line += "; ";
    line += "last error: " +
            (error->as_object().contains("detail") ? text(*error, "detail") : boost::json::serialize(*error));
  }
  if (line.empty()) return line;
  line = "  └ " + line;
  if (line.size() > width) line.resize(width);
  return line + "\n";
}

}  // namespace

std::string status_table(const value& status, std::size_t width, bool colours) {
  std::string out;
  add_heading(out, status, colours);
  out += fmt::format("{:<16} {:<11} {:>9} {:>9} {:>8} {:>8} {:>6} {:>7}\n", "DESTINATION", "STATE",
                     "DELIVERED", "BACKLOG", "RETRYING", "IN FLIGHT", "DEAD", "OLDEST");
  for (const auto& destination : status.at("destinations").as_array()) {
    out += row(destination, colours);
    if (text(destination, "state") != "active" || count(destination, "retrying") > 0)
      out += trouble(destination, width);
  }
  return out;
}

}  // namespace cartrelay::daemon
