#include "daemon/reload.hpp"

#include <fmt/ranges.h>

namespace cartrelay::daemon {
namespace {

void note(std::vector<std::string>& out, bool differs, const std::string& key) {
  if (differs) out.push_back(key);
}

void note_listener(std::vector<std::string>& out, const http::server_options& running,
                   const http::server_options& next, const std::string& section) {
  note(out, running.listen != next.listen, section + ".listen");
  // With or without TLS; another certificate is no matter.
  note(out, running.tls_certificate.empty() != next.tls_certificate.empty(), section + ".tls_certificate");
}

void describe(std::vector<std::string>& out, std::string_view what, const std::vector<std::string>& names) {
  if (!names.empty()) out.push_back(fmt::format("destinations {}: {}", what, fmt::join(names, ", ")));
}

}  // namespace

std::vector<std::string> needs_restart(const config::configuration& running,
                                       const config::configuration& next) {
  std::vector<std::string> out;
  note_listener(out, running.ingest.server, next.ingest.server, "ingest");
  note_listener(out, running.admin.server, next.admin.server, "admin");
  note(out, running.queue.engine != next.queue.engine, "queue.engine");
  note(out, running.queue.path != next.queue.path, "queue.path");
  return out;
}

std::string describe_changes(const config::configuration& running, const config::configuration& next,
                             const dispatch::change_report& destinations) {
  std::vector<std::string> out;
  note(out, !(running.ingest == next.ingest), "ingest");
  note(out, !(running.admin == next.admin), "admin");
  note(out, !(running.queue == next.queue), "queue");
  note(out, !(running.log == next.log), "log");
  note(out, running.shutdown_drain != next.shutdown_drain, "shutdown");
  describe(out, "added", destinations.added);
  describe(out, "removed (their backlog is kept)", destinations.removed);
  describe(out, "changed", destinations.changed);
  if (out.empty()) return "reloaded, nothing was different";
  return fmt::format("reloaded: {}", fmt::join(out, "; "));
}

}  // namespace cartrelay::daemon
