#include "queue/rocksdb/ledger.hpp"

#include "queue/errc.hpp"
#include "queue/rocksdb/progress_records.hpp"
#include "queue/rocksdb/routes.hpp"
#include "queue/rocksdb/scan.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {

base::result<std::unique_ptr<ledger>> ledger::load(const store& data, const position& where) {
  auto made = std::unique_ptr<ledger>(new ledger);
  made->where_ = where;
  made->written_ = where.ingest;
  scan at(data, family::meta, "unit", "uniu");
  for (at.seek_first(); at.valid(); at.next()) {
    auto read = decode_unit(at.key(), at.value());
    if (!read) return fail(errc::damaged, "the record of a destination cannot be read");
    auto& placed = made->units_[read->id] = std::move(*read);
    if (auto loaded = made->load_progress(data, placed); !loaded) return loaded.error();
  }
  if (!at.status().ok()) return translate(at.status());
  made->begin_log_at(where.first);
  return made;
}

base::result<void> ledger::load_progress(const store& data, unit& into) {
  const auto control_key = control_entry(into.id, 0);
  const auto control = data.get(family::meta, control_key);
  if (!control) return control.error();
  if (*control) into.control = decode_control(control_key, **control).value_or(unreadable_control);

  const auto behind = unit_key(into.id, 0, ~sequence{0});
  scan waiting(data, family::exceptions, unit_key(into.id, 0, 0), behind);
  for (waiting.seek_first(); waiting.valid(); waiting.next()) {
    const auto read = decode_exception(waiting.key(), waiting.value());
    into.wait(sequence_of(waiting.key()), read && read->has_copy);
  }
  if (!waiting.status().ok()) return translate(waiting.status());

  scan ended(data, family::ends, unit_key(into.id, 0, into.cursor + 1), behind);
  for (ended.seek_first(); ended.valid(); ended.next())
    into.remember_end(sequence_of(ended.key()));
  if (!ended.status().ok()) return translate(ended.status());
  return {};
}

unit* ledger::find(destination_id id) {
  const auto found = units_.find(id);
  return found == units_.end() ? nullptr : &found->second;
}

unit* ledger::find(const std::string& name) {
  const auto found = std::find_if(units_.begin(), units_.end(),
                                  [&](const auto& entry) { return entry.second.name == name; });
  return found == units_.end() ? nullptr : &found->second;
}

unit& ledger::add(const std::string& name) {
  const auto id = static_cast<destination_id>(units_.empty() ? 1 : units_.rbegin()->first + 1);
  auto& made = units_[id] = unit(id, name, where_.next - 1);
  touch(made);
  return made;
}

void ledger::begin_log_at(sequence first) {
  where_.first = first;
  for (auto& [id, each] : units_) {
    if (each.cursor + 1 >= first) continue;
    each.advance(first - 1);
    touch(each);
  }
}

void ledger::write_to(const store& data, rocksdb::WriteBatch& batch) {
  for (const auto id : touched_) {
    const auto key = unit_entry(id, 0);
    batch.Put(data[family::meta], key, encode_unit(key, units_.at(id)));
  }
  for (const auto id : controls_) {
    const auto key = control_entry(id, 0);
    batch.Put(data[family::meta], key, encode_control(key, units_.at(id).control));
  }
  touched_.clear();
  controls_.clear();
  const bool totals_due = std::exchange(totals_due_, false) && where_.ingest != written_;
  if (batch.Count() == 0 && !totals_due) return;
  batch.Put(data[family::meta], position_entry, encode_position(where_));
  written_ = where_.ingest;
}

sequence ledger::needed_from() const {
  auto needed = where_.next;
  for (const auto& [id, each] : units_)
    needed = std::min(needed, each.needs_from(where_.next));
  return needed;
}

void ledger::describe(queue_stats& out) const {
  out.events = where_.events;
  out.first = where_.first;
  out.next = where_.next;
  out.corrupt = where_.corrupt;
  out.lost_accepted = where_.lost;
  out.ingest = where_.ingest;
  out.destinations.resize(units_.size());
  std::size_t i = 0;
  for (const auto& [id, each] : units_) {
    auto& line = out.destinations[i++];
    line.id = id;
    if (line.name != each.name) line.name = each.name;
    line.counts = each.counts;
    line.waiting = each.waiting();
  }
}

}  // namespace cartrelay::queue::rocks
