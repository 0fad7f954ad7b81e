#pragma once

#include "queue/inspect.hpp"
#include "queue/rocksdb/store.hpp"
#include "queue/rocksdb/store_records.hpp"
#include "queue/unit.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// Every destination's standing and the log's position: what the writer knows without asking the disk.
/// Changes are written with the group that made them. The writer's thread only.
class ledger {
 public:
  /// Reads the units, their exceptions, and what ended after their cursors: never the backlog. errc::damaged
  /// or corrupt: a unit is; another failure of the disk may pass.
  static base::result<std::unique_ptr<ledger>> load(const store& data, const position& where);

  /// After an accepted loss: from whatever can be read. An event that nothing says the end of is kept as a
  /// marked exception (in doubt); what is missing from the log is added to `lost`, and
  /// to `corrupt` where at least its routes are known. Reads the whole store, and
  /// writes to it what it adds.
  static base::result<std::unique_ptr<ledger>> rebuild(store& data, const position& where,
                                                       base::timestamp now);

  [[nodiscard]] position& where() noexcept { return where_; }
  [[nodiscard]] const position& where() const noexcept { return where_; }
  [[nodiscard]] const std::map<destination_id, unit>& units() const noexcept { return units_; }
  [[nodiscard]] unit* find(destination_id id);
  [[nodiscard]] unit* find(const std::string& name);
  /// A destination that gets what is accepted from now on.
  unit& add(const std::string& name);

  /// What stands before `first` is gone from the log. Whoever stood further back needed none of it: what is
  /// not finished there waits with a copy of its own. So its cursor moves there, since the ends that say so
  /// go too.
  void begin_log_at(sequence first);

  /// The unit, or its control text, changed: to be written with this group.
  void touch(const unit& changed) { touched_.insert(changed.id); }
  void touch_control(const unit& changed) { controls_.insert(changed.id); }
  /// Duplicates and refusals change nothing else: they are to be written with this group even alone.
  void touch_totals() noexcept { totals_due_ = true; }
  void write_to(const store& data, rocksdb::WriteBatch& batch);

  /// The first sequence that some destination still needs in the log.
  [[nodiscard]] sequence needed_from() const;
  /// Sets what the ledger knows in `out`.
  void describe(queue_stats& out) const;

 private:
  using event_visitor = std::function<void(sequence, const std::vector<destination_id>* to,
                                           std::optional<base::timestamp> received, bool gone)>;

  ledger() = default;
  rocksdb::Status walk_events(store& data, base::timestamp now, const event_visitor& visit);
  base::result<void> load_progress(const store& data, unit& into);

  std::map<destination_id, unit> units_;
  position where_;
  std::set<destination_id> touched_, controls_;
  ingest_totals written_;
  bool totals_due_ = false;
};

}  // namespace cartrelay::queue::rocks
