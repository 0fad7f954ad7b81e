#include "base/counted.hpp"
#include "base/log.hpp"
#include "queue/erasure.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/essentials.hpp"
#include "queue/rocksdb/ledger.hpp"
#include "queue/rocksdb/patient_scan.hpp"
#include "queue/rocksdb/progress_records.hpp"
#include "queue/rocksdb/records.hpp"

#include <algorithm>
#include <deque>

/// The books of a store of which something is missing, from whatever can be read of it.
namespace cartrelay::queue::rocks {
namespace {

constexpr destination_id ids_looked_past = 64;
constexpr int most_rows_at_once = 1000, most_gaps_told = 100;

patient_scan scan_unit(const store& data, family from, destination_id id) {
  return {data, from, unit_key(id, 0, 0), unit_key(id, 0, ~sequence{0})};
}

/// What log and routes say of events, asked in ascending order.
class event_walk {
 public:
  event_walk(const store& data, sequence first, sequence next)
      : log_(data, family::log, log_key(0, first), log_key(0, next)),
        routes_(data, family::routes, log_key(0, 0), log_key(0, next)) {}

  /// Whom the event is for; null if nothing tells of such an event any more.
  const std::vector<destination_id>* routed(sequence number) {
    while (log_.valid() && sequence_of(log_.key()) < number)
      log_.next();
    only_in_log_ = false;
    if (const auto* to = by_routes(number)) return to;
    if (!log_.valid() || sequence_of(log_.key()) != number) return nullptr;
    const auto stored = decode_event(log_.key(), log_.value());
    if (!stored) return nullptr;
    found_ = stored->routed;
    only_in_log_ = true;
    return &found_;
  }
  /// The record of that event, the last that was asked for, stands nowhere: not even in a block that cannot
  /// be read.
  [[nodiscard]] bool gone(const store& data, sequence number) const {
    if (log_.valid() && sequence_of(log_.key()) == number) return false;
    const auto stored = data.get(family::log, log_key(0, number));
    return stored && !*stored;
  }
  /// The event of the last call stands in the log, and `routes` has forgotten it.
  [[nodiscard]] bool only_in_log() const noexcept { return only_in_log_; }
  /// When the event of the last call was received, if its record can be read.
  [[nodiscard]] std::optional<base::timestamp> received(sequence number) const {
    if (!log_.valid() || sequence_of(log_.key()) != number) return std::nullopt;
    const auto stored = decode_event(log_.key(), log_.value());
    return stored ? std::optional(stored->received_at) : std::nullopt;
  }

 private:
  const std::vector<destination_id>* by_routes(sequence number) {
    while (true) {
      while (!runs_.empty() && run_first_ + runs_.front().count <= number) {
        run_first_ += runs_.front().count;
        runs_.pop_front();
      }
      if (!runs_.empty()) return run_first_ <= number ? &runs_.front().to : nullptr;
      if (!routes_.valid() || sequence_of(routes_.key()) > number) return nullptr;
      if (const auto read = decode_routes(routes_.key(), routes_.value())) {
        run_first_ = sequence_of(routes_.key());
        runs_.assign(read->begin(), read->end());
      }
      routes_.next();
    }
  }

  patient_scan log_, routes_;
  std::deque<route_run> runs_;
  sequence run_first_ = 0;
  bool only_in_log_ = false;
  std::vector<destination_id> found_;
};

/// One destination, made whole while the events pass by.
class unit_repair {
 public:
  unit_repair(store& data, unit& mine, bool row_is_lost, base::timestamp now)
      : data_(data),
        unit_(mine),
        row_is_lost_(row_is_lost),
        now_(now),
        ends_(scan_unit(data, family::ends, mine.id)) {
    for (auto at = scan_unit(data_, family::exceptions, unit_.id); at.valid(); at.next()) {
      const auto read = decode_exception(at.key(), at.value());
      unit_.wait(sequence_of(at.key()), read && read->has_copy);
    }
    for (auto at = scan_unit(data_, family::dead_letters, unit_.id); at.valid(); at.next())
      dead_.insert(sequence_of(at.key()));
    for (auto at = scan_unit(data_, family::copies, unit_.id); at.valid(); at.next())
      keep_owner_of_copy(sequence_of(at.key()));
  }

  void pass(sequence number, const std::vector<destination_id>* to, std::optional<base::timestamp> received,
            bool gone) {
    const bool mine = to != nullptr && std::find(to->begin(), to->end(), unit_.id) != to->end();
    const auto how = mine ? ended(number) : std::nullopt;
    const bool waits = unit_.waits(number);
    if (mine && how && !waits) {
      if (number > unit_.cursor) unit_.remember_end(number);
      if (row_is_lost_) unit_.count_end(*how);
    } else if (mine && gone && !unit_.owns_copy(number)) {
      give_up(number);
    } else if (mine && !waits && number <= unit_.cursor) {
      restart(number, received.value_or(now_), false);
    } else if (mine && !waits) {
      ++pending_;
    }
    if (row_is_lost_ && contiguous_) contiguous_ = advance_over(number, !mine || how || waits || gone);
  }

  void settle() {
    auto& counts = unit_.counts;
    // How those had ended that are in doubt now is forgotten; most had been delivered.
    if (!row_is_lost_) counts.delivered -= std::min(counts.delivered, restarted_);
    counts.dead_letters = dead_.size();  // whatever the ends said of them
    counts.routed = counts.ended() + pending_ + unit_.waiting();
    write(true);
    if (restarted_ > 0)
      base::log::warning(
          "queue: {} of '{}' may or may not have been sent, and will be dead letters (in_doubt)",
          base::counted(restarted_, "event"), unit_.name);
  }

  [[nodiscard]] const rocksdb::Status& failure() const noexcept { return failure_; }

 private:
  std::optional<end_state> ended(sequence number) {
    while (ends_.valid() && sequence_of(ends_.key()) < number)
      ends_.next();
    if (!ends_.valid() || sequence_of(ends_.key()) != number) return std::nullopt;
    const auto read = decode_end(ends_.key(), ends_.value());
    return read ? read->state : end_state::delivered;
  }

  /// There is nothing left to send.
  void give_up(sequence number) {
    auto lost = corrupt_end(number, "the record was lost with a damaged file");
    lost.at = now_;
    const auto key = unit_key(unit_.id, 0, number);
    batch_.Put(data_[family::ends], key, encode_end(key, lost, evidence::leave));
    if (unit_.waits(number)) batch_.Delete(data_[family::exceptions], key);
    unit_.finish(number, end_state::discarded);
    write(false);
  }

  bool advance_over(sequence number, bool finished) {
    if (finished) unit_.advance(number);
    return finished;
  }

  /// A copy belongs to a dead letter or to an event that was put back to work.
  void keep_owner_of_copy(sequence number) {
    if (dead_.contains(number) || unit_.waits(number)) return;
    const auto key = unit_key(unit_.id, 0, number);
    const auto stored = data_.get(family::ends, key);
    const auto how = stored && *stored ? decode_end(key, **stored) : std::nullopt;
    if (how && how->state == end_state::dead_letter) {
      batch_.Put(data_[family::dead_letters], key, encode_end(key, *how, evidence::keep));
      dead_.insert(number);
      write(false);
    } else if (!how || how->reason != erased_reason) {  // that one stays for the erasure that is under way
      restart(number, now_, true);
    }
  }

  /// Nothing says whether it ended: marked as in doubt, so that it is neither forgotten nor sent twice.
  void restart(sequence number, base::timestamp age_from, bool has_copy) {
    exception row;
    row.number = number;
    row.age_from = age_from;
    row.marked = true;
    const auto key = unit_key(unit_.id, 0, number);
    batch_.Put(data_[family::exceptions], key, encode_exception(key, row, has_copy));
    unit_.wait(number, has_copy);
    ++restarted_;
    write(false);
  }

  void write(bool all) {
    if (batch_.Count() == 0 || (!all && batch_.Count() < most_rows_at_once)) return;
    if (const auto status = data_.write(batch_); !status.ok() && failure_.ok()) failure_ = status;
    batch_.Clear();
  }

  store& data_;
  unit& unit_;
  bool row_is_lost_;
  base::timestamp now_;
  patient_scan ends_;
  std::set<sequence> dead_;
  rocksdb::WriteBatch batch_;
  rocksdb::Status failure_;
  std::uint64_t pending_ = 0, restarted_ = 0;
  bool contiguous_ = true;
};

/// False: that was done at an earlier opening.
bool set_aside_gone(const store& data, rocksdb::WriteBatch& batch, sequence number, base::timestamp now) {
  const auto key = torn_entry(0, number);
  const auto known = data.get(family::meta, key);
  if (known && *known) return false;
  batch.Put(data[family::meta], key, encode_torn(key, now, {}));
  return true;
}

/// Tells the log which events are missing, and when they were accepted: so that the shop can post them again.
class gap_report {
 public:
  explicit gap_report(sequence first) : next_(first) {}

  /// In ascending order; `received` if its record can be read.
  void found(sequence number, std::optional<base::timestamp> received) {
    if (number > next_) tell(number, received);
    next_ = number + 1;
    if (received) before_ = received;
  }
  void end(sequence next) {
    if (next > next_) tell(next, std::nullopt);
  }

 private:
  void tell(sequence end, std::optional<base::timestamp> after) {
    if (++told_ > most_gaps_told) return;
    base::log::warning("queue: events {} to {} are missing, accepted between {} and {}", next_, end - 1,
                       words_of(before_), words_of(after));
    if (told_ == most_gaps_told) base::log::warning("queue: further gaps are not told");
  }
  static std::string words_of(std::optional<base::timestamp> when) {
    return when ? base::format_rfc3339_millis(*when) : "(unknown)";
  }

  sequence next_;
  std::optional<base::timestamp> before_;
  int told_ = 0;
};

}  // namespace

base::result<std::unique_ptr<ledger>> ledger::rebuild(store& data, const position& where,
                                                      base::timestamp now) {
  auto made = std::unique_ptr<ledger>(new ledger);
  made->where_ = where;
  const auto names = kept_names(data);
  std::deque<unit_repair> repairs;
  auto last = names.empty() ? destination_id{0} : names.rbegin()->first;
  for (destination_id id = 1; id <= last + ids_looked_past; ++id) {
    const auto key = unit_entry(id, 0);
    const auto stored = data.get(family::meta, key);
    auto read = stored && *stored ? decode_unit(key, **stored) : std::nullopt;
    const auto name = names.find(id);
    if (!read && name == names.end()) continue;
    last = std::max(last, id);
    auto& placed = made->units_[id] = read ? std::move(*read) : unit(id, name->second, where.first - 1);
    placed.cursor = std::min(placed.cursor, where.next - 1);
    const auto control_key = control_entry(id, 0);
    const auto control = data.get(family::meta, control_key);
    if (control && *control)
      placed.control = decode_control(control_key, **control).value_or(unreadable_control);
    else if (!control || !read)
      placed.control = unreadable_control;  // it stood beside the unit's row, and went with it
    if (placed.control == unreadable_control) made->touch_control(placed);
    repairs.emplace_back(data, placed, !read, now);
    made->touch(placed);
  }
  const auto walked =
      made->walk_events(data, now, [&](sequence number, const auto* to, auto received, bool gone) {
        for (auto& each : repairs)
          each.pass(number, to, received, gone);
      });
  if (!walked.ok()) return translate(walked);
  for (auto& each : repairs) {
    each.settle();
    if (!each.failure().ok()) return translate(each.failure());
  }
  return made;
}

rocksdb::Status ledger::walk_events(store& data, base::timestamp now, const event_visitor& visit) {
  const auto known_gaps = where_.next - where_.first - std::min(where_.events, where_.next - where_.first);
  std::uint64_t present = 0;
  auto first = where_.next;
  rocksdb::WriteBatch mended;
  auto status = rocksdb::Status::OK();
  event_walk walk(data, where_.first, where_.next);
  gap_report gaps_told(where_.first);
  for (auto number = where_.first; number < where_.next && status.ok(); ++number) {
    const auto* const to = walk.routed(number);
    if (to != nullptr && present++ == 0) first = number;
    if (walk.only_in_log()) {
      const auto key = log_key(0, number);
      mended.Put(data[family::routes], key, encode_routes(key, {{1, *to}}));
    }
    const bool gone = to != nullptr && walk.gone(data, number);
    if (gone && set_aside_gone(data, mended, number, now)) ++where_.corrupt;
    const auto received = walk.received(number);
    if (to != nullptr && !gone) gaps_told.found(number, received);
    visit(number, to, received, gone);
    if (mended.Count() < most_rows_at_once) continue;
    status = data.write(mended);
    mended.Clear();
  }
  gaps_told.end(where_.next);
  const auto gaps = where_.next - where_.first - present;
  where_.lost += gaps > known_gaps ? gaps - known_gaps : 0;
  where_.events = present;
  begin_log_at(first);
  return status.ok() && mended.Count() > 0 ? data.write(mended) : status;
}

}  // namespace cartrelay::queue::rocks
