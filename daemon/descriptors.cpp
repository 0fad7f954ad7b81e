#include "daemon/descriptors.hpp"

#include "queue/options.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace cartrelay::daemon {
namespace {

// Event loops, sockets that listen, logs and the like, and the files that the queue writes.
constexpr std::size_t own = 40;
constexpr std::size_t tables = queue::options::usual_open_files;
constexpr std::size_t fewest_tables = 20;  // RocksDB takes no less
// A listener that takes nobody is of no use.
constexpr std::size_t fewest = 4;

std::size_t reserved(const config::configuration& settings) {
  auto count = own + tables;
  for (const auto& destination : settings.destinations)
    count += destination.concurrency + 1;
  return count;
}

void lower(std::vector<std::string>& told, const char* section, std::size_t& connections, std::size_t most,
           std::size_t limit) {
  if (connections <= most) return;
  told.push_back(fmt::format("[{}] max_connections is {} and not {}: the process may have {} descriptors",
                             section, most, connections, limit));
  connections = most;
}

}  // namespace

std::size_t descriptors_wanted(const config::configuration& settings) {
  return reserved(settings) + settings.ingest.server.max_connections + settings.admin.server.max_connections;
}

std::size_t raise_descriptor_limit(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < wanted && limit.rlim_cur < limit.rlim_max) {
    const rlimit more{std::min<rlim_t>(wanted, limit.rlim_max), limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &more) == 0) limit = more;
  }
  return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t tables_within(const config::configuration& settings, std::size_t limit) {
  return descriptors_wanted(settings) <= limit ? tables : std::clamp(limit / 4, fewest_tables, tables);
}

std::vector<std::string> fit_concurrency(config::configuration& settings, std::size_t limit) {
  std::vector<std::string> told;
  std::size_t all = 0;
  for (const auto& destination : settings.destinations)
    all += destination.concurrency;
  if (all <= limit / 2) return told;
  for (auto& destination : settings.destinations) {
    const auto share = std::max<std::size_t>(1, destination.concurrency * (limit / 2) / all);
    if (share == destination.concurrency) continue;
    told.push_back(
        fmt::format("destination {}: concurrency is {} and not {}: the process may have {} descriptors",
                    destination.name, share, destination.concurrency, limit));
    destination.concurrency = share;
  }
  return told;
}

std::vector<std::string> fit_connections(config::configuration& settings, std::size_t limit) {
  std::vector<std::string> told;
  if (descriptors_wanted(settings) <= limit) return told;
  // With a tiny limit nobody gets what he wants: the rest lives on half of it, and opens fewer tables.
  const auto kept = std::min(reserved(settings), std::max(own, limit / 2));
  const auto left = limit > kept ? limit - kept : 0;
  const auto admin = std::max(fewest, left / 4);
  const auto ingest =
      std::max(fewest, left - std::min(left, std::min(admin, settings.admin.server.max_connections)));
  lower(told, "ingest", settings.ingest.server.max_connections, ingest, limit);
  lower(told, "admin", settings.admin.server.max_connections, admin, limit);
  return told;
}

}  // namespace cartrelay::daemon
