#include "config/load.hpp"

#include "config/sections.hpp"
#include "destinations/registry.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cartrelay::config {
namespace {

using namespace std::chrono_literals;

void read_queue(table_reader section, queue::options& target) {
  std::size_t engine = target.engine == "memory" ? 1 : 0;
  section.read_choice("engine", {"rocksdb", "memory"}, engine);
  target.engine = engine == 1 ? "memory" : "rocksdb";
  section.read_path("path", target.path);
  if (target.path.empty()) section.fail("path", "expected a folder");
  section.read_size("max_size", target.max_size, 1 << 20);
  section.read_size("min_free_disk", target.min_free_disk, 0);
  section.read_duration("retention", target.retention, 1s);
  section.read_duration("dead_letter_retention", target.dead_letter_retention, 1s);
  section.read_duration("dedup_window", target.dedup_window, 1s);
  section.finish();
}

void read_log(table_reader section, base::log::options& target) {
  auto level = static_cast<std::size_t>(target.minimum);
  section.read_choice("level", {"trace", "debug", "info", "warning", "error"}, level);
  target.minimum = static_cast<base::log::level>(level);
  auto format = static_cast<std::size_t>(target.shape);
  section.read_choice("format", {"auto", "text", "json"}, format);
  target.shape = static_cast<base::log::format>(format);
  section.finish();
}

void read_shutdown(table_reader section, std::chrono::milliseconds& drain) {
  section.read_duration("drain", drain, 0ms);
  section.finish();
}

void read_listeners(table_reader ingest, table_reader admin, configuration& target) {
  read_ingest(ingest, target.ingest);
  read_admin(admin, target.admin);
  const auto &shops = target.ingest.server.listen, &operators = target.admin.server.listen;
  // Where only one of the two is written down, that is the one to change.
  if (admin.has("listen"))
    check_apart(admin, operators, "[ingest]", shops);
  else
    check_apart(ingest, shops, "[admin]", operators);
}

void read_root(table_reader root, configuration& target) {
  read_listeners(root.child("ingest"), root.child("admin"), target);
  read_queue(root.child("queue"), target.queue);
  read_log(root.child("log"), target.log);
  read_shutdown(root.child("shutdown"), target.shutdown_drain);
  read_destinations(root.children("destinations"), target.destinations);
  root.finish();
}

}  // namespace

configuration defaults() {
  configuration out;
  out.ingest.server.listen = {"127.0.0.1:8470"};
  out.admin.server.listen = {"127.0.0.1:8471"};
  out.ingest.events.refs = destinations::known_refs();
  return out;
}

loaded parse(std::string_view text, const std::string& name) {
  fault_list faults{name};
  configuration out = defaults();
  if (const auto table = parse_toml(text, faults)) read_root(table_reader(&*table, "", faults), out);
  if (faults.found.empty()) {
    out.warnings = std::move(faults.warnings);
    return out;
  }
  std::ranges::move(faults.warnings, std::back_inserter(faults.found));
  std::ranges::stable_sort(faults.found, {}, &fault::line);
  return faults.found;
}

loaded load(const std::string& path) {
  return read_whole<configuration>(path, [&](const std::string& text) { return parse(text, path); });
}

}  // namespace cartrelay::config
