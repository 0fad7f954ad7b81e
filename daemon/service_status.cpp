#include "daemon/service_status.hpp"

#include "base/counted.hpp"

#include <fmt/format.h>

namespace cartrelay::daemon {

std::string service_status(const admin::snapshot& seen) {
  std::uint64_t backlog = 0, dead_letters = 0;
  std::string trouble;
  for (const auto& each : seen.destinations) {
    backlog += each.counts.backlog();
    dead_letters += each.counts.dead_letters;
    if (each.configured && each.enabled && each.state != dispatch::destination_state::active)
      trouble += fmt::format("; {} {}", each.name, dispatch::to_string(each.state));
  }
  auto words =
      fmt::format("{}: {}, backlog {}, dead letters {}{}", admin::overall_state(seen),
                  base::counted(seen.destinations.size(), "destination"), backlog, dead_letters, trouble);
  if (!seen.queue.writable) words += "; the queue takes nothing: " + seen.queue.reason;
  if (seen.last_reload) words += "; last reload: " + seen.last_reload->words;
  return words;
}

}  // namespace cartrelay::daemon
