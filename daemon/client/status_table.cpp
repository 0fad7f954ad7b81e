#include "daemon/client/status_table.hpp"

#include "base/counted.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/client/moment_text.hpp"
#include "daemon/client/text_columns.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace cartrelay::daemon {
namespace {

using boost::json::value;

constexpr std::size_t least_width = 20;        // of words that are broken into lines
constexpr double longest_unsaid_drain_s = 60;  // a backlog that is gone before somebody has read of it

std::uint64_t count(const value& from, std::string_view member) {
  return from.at(member).to_number<std::uint64_t>();
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

/// A line of the heading that is red where colours are on.
std::string warning(const std::string& words, std::size_t width, bool colours) {
  auto lines = folded("        ", words, std::max(width, least_width));
  lines.pop_back();
  return painted(lines, true, colours) + "\n";
}

/// What a damaged disk has cost.
std::string damage(const value& queue, std::size_t width, bool colours) {
  std::string out;
  if (find_member(queue, "lost_accepted_total") != nullptr) {
    const auto at = member_text(queue, "data_loss_accepted_at");
    out += warning(base::counted(count(queue, "lost_accepted_total"), "acknowledged event") + " given up" +
                       (at.empty() ? "" : " at " + at),
                   width, colours);
  }
  if (find_member(queue, "corrupt_total") != nullptr)
    out += warning(base::counted(count(queue, "corrupt_total"), "corrupt record") + " set aside", width,
                   colours);
  return out;
}

std::vector<std::string> queue_figures(const value& queue) {
  std::vector<std::string> out{"queue ", base::counted(count(queue, "events"), "event"),
                               fmt::format("{} of {}", bytes(queue.at("bytes").to_number<double>()),
                                           bytes(queue.at("max_bytes").to_number<double>()))};
  if (const auto* left = find_member(queue, "disk_free_bytes"))
    out.push_back(fmt::format("disk free {}", bytes(left->to_number<double>())));
  return out;
}

std::string heading(const value& status, std::size_t width, bool colours) {
  const auto& ingest = status.at("ingest");
  const auto& queue = status.at("queue");
  const auto& commit = ingest.at("commit_ms");
  const auto state = member_text(status, "state");
  auto out = fmt::format("cartrelay {}  {}  up {}\n", member_text(status, "version"),
                         painted(state, state != "running", colours),
                         span_text(status.at("uptime_s").to_number<double>()));
  out += wrapped({"ingest", fmt::format("accepted {}", count(ingest, "accepted_total")),
                  fmt::format("duplicates {}", count(ingest, "duplicate_total")),
                  fmt::format("refused {}", count(ingest, "refused_total")),
                  fmt::format("commit p50 {:.1f} ms, p99 {:.1f} ms", commit.at("p50").to_number<double>(),
                              commit.at("p99").to_number<double>())},
                 8, width);
  out += wrapped(queue_figures(queue), 8, width);
  if (!queue.at("writable").as_bool())
    out += warning("not writable: " + member_text(queue, "reason"), width, colours);
  out += damage(queue, width, colours);
  if (const auto* last = find_member(status, "last_reload"))
    out += folded("reload  ", member_text(*last, "result") + " (" + member_text(*last, "at") + ")",
                  std::max(width, least_width));
  return out + "\n";
}

std::string oldest_of(const value& destination) {
  if (count(destination, "backlog") == 0) return "-";
  return span_text(destination.at("oldest_pending_age_s").to_number<double>());
}

/// One column of the table: its heading, then a cell for each destination.
struct column {
  std::vector<std::string> cells;
  int dispensable;  ///< the highest goes first where a terminal is narrow

  [[nodiscard]] std::size_t width() const {
    std::size_t most = 0;
    for (const auto& cell : cells)
      most = std::max(most, columns_of(cell));
    return most;
  }
};

constexpr std::size_t shortest_name = 11, gap = 1;

std::size_t width_of(const std::vector<column>& all) {
  return std::accumulate(all.begin(), all.end(), std::size_t{0},
                         [](std::size_t sum, const column& each) { return sum + gap + each.width(); });
}

/// The columns beside the names; the first is the state.
std::vector<column> columns_for(const boost::json::array& destinations, std::size_t width) {
  std::vector<column> all{{{"STATE"}, 0},     {{"DELIVERED"}, 3}, {{"BACKLOG"}, 1}, {{"RETRYING"}, 5},
                          {{"IN FLIGHT"}, 6}, {{"DEAD"}, 2},      {{"OLDEST"}, 4}};
  for (const auto& each : destinations) {
    const std::array cells{member_text(each, "state"),
                           member_text(each, "delivered_total"),
                           member_text(each, "backlog"),
                           member_text(each, "retrying"),
                           member_text(each, "in_flight"),
                           member_text(each, "dead_letters"),
                           oldest_of(each)};
    for (std::size_t i = 0; i < cells.size(); ++i)
      all[i].cells.push_back(cells[i]);
  }
  while (all.size() > 1 && shortest_name + width_of(all) > width)
    all.erase(std::ranges::max_element(all, {}, &column::dispensable));
  return all;
}

std::string row(const std::string& name, std::size_t name_width, const std::vector<column>& columns,
                std::size_t index, bool colours) {
  // A name that is too long has a line of its own: cut, two of them could look the same.
  const bool own_line = columns_of(name) > name_width;
  std::string out = own_line ? name + "\n" + std::string(name_width, ' ') : padded(name, name_width);
  for (const auto& each : columns) {
    const bool is_state = &each == &columns.front();
    const auto cell = padded(each.cells[index], each.width(), !is_state);
    const bool plain = !is_state || index == 0;
    out += std::string(gap, ' ') + (plain ? cell : painted(cell, each.cells[index] != "active", colours));
  }
  return out + "\n";
}

/// Lines of their own under the destination.
std::string remark(const std::string& words, std::size_t width) {
  return words.empty() ? words : folded("  └ ", words, std::max(width, least_width));
}

std::string drain(const value& destination) {
  const auto* eta = find_member(destination, "drain_eta_s");
  const auto seconds = eta != nullptr && eta->is_number() ? eta->to_number<double>() : 0;
  return seconds < longest_unsaid_drain_s ? "" : "backlog done in about " + span_text(seconds);
}

std::string last_success(const value& destination, base::timestamp now) {
  const auto at = member_time(destination, "last_success_at");
  return at ? "last success " + moment_text(*at, now) : "";
}

std::string last_error(const value& destination, base::timestamp now) {
  const auto* error = find_member(destination, "last_error");
  if (error == nullptr || !error->is_object()) return {};
  const auto at = member_time(*error, "at");
  const auto detail = member_text(*error, "detail");
  return "last error" + (at ? " " + moment_text(*at, now) : "") + ": " +
         (detail.empty() ? member_text(*error, "reason") : detail);
}

/// What only a person can end.
std::string remedy(const value& destination) {
  const auto reason = member_text(destination, "reason");
  if (reason == "not in the configuration")
    return "put its entry back, or give its rest up: cartrelay dead-letters discard --destination " +
           member_text(destination, "name");
  if (reason.starts_with("credential: "))
    return "renew the secret, then reload (a systemd credential: restart)";
  return {};
}

std::string trouble(const value& destination, base::timestamp now) {
  std::vector<std::string> pieces{member_text(destination, "reason"),  remedy(destination),
                                  next_attempt_text(destination, now), drain(destination),
                                  last_success(destination, now),      last_error(destination, now)};
  std::erase(pieces, "");
  return fmt::format("{}", fmt::join(pieces, "; "));
}

/// Where every event is refused for good all seems well but for these.
std::string dead(const value& destination, bool with_error, base::timestamp now) {
  const auto letters = count(destination, "dead_letters");
  if (letters == 0) return {};
  const auto error = with_error ? last_error(destination, now) : "";
  return fmt::format("{}: cartrelay dead-letters list --group --destination {}{}{}",
                     base::counted(letters, "dead letter"), member_text(destination, "name"),
                     error.empty() ? "" : "; ", error);
}

/// After an outage longer than max_age all seems well but for these.
std::string loss(const value& destination) {
  const auto* total = find_member(destination, "expired_total");
  const auto expired = total != nullptr ? total->to_number<std::uint64_t>() : 0;
  return expired == 0 ? "" : fmt::format("expired: {}, older than max_age", base::counted(expired, "event"));
}

}  // namespace

std::string status_table(const value& status, base::timestamp now, std::size_t width, bool colours) {
  auto out = heading(status, width, colours);
  const auto& destinations = status.at("destinations").as_array();
  const auto columns = columns_for(destinations, width);
  std::size_t longest = shortest_name;
  for (const auto& each : destinations)
    longest = std::max(longest, columns_of(member_text(each, "name")));
  const auto room = width - std::min(width, width_of(columns));
  const auto name_width = std::max(shortest_name, std::min(longest, room));
  out += row("DESTINATION", name_width, columns, 0, colours);
  for (std::size_t i = 0; i < destinations.size(); ++i) {
    out += row(member_text(destinations[i], "name"), name_width, columns, i + 1, colours);
    const bool is_well = member_text(destinations[i], "state") == "active" &&
                         member_text(destinations[i], "reason").empty() &&
                         count(destinations[i], "retrying") == 0;
    out += remark(dead(destinations[i], is_well, now), width);
    out += remark(is_well ? drain(destinations[i]) : trouble(destinations[i], now), width);
    out += remark(loss(destinations[i]), width);
  }
  return out;
}

}  // namespace cartrelay::daemon
