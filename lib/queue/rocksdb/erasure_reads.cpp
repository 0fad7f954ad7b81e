#include "queue/rocksdb/erasure_reads.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "event/stored.hpp"
#include "queue/rocksdb/log_reads.hpp"
#include "queue/rocksdb/progress_records.hpp"
#include "queue/rocksdb/scan.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::size_t slice = 512, most_records = 64, most_bytes = 1 << 20;
constexpr std::array searched{family::ends, family::exceptions, family::dead_letters};

/// Calls `visit(key, value)` for up to `slice` entries from `from` on, and moves `from` behind them. True:
/// there may be more.
template <class Visit>
base::result<bool> visit_slice(const read_side& side, family where, std::string& from, const std::string& to,
                               Visit visit) {
  scan at(side.data, where, from, to);
  std::size_t looked = 0;
  for (at.seek_first(); at.valid() && looked < slice; at.next(), ++looked) {
    visit(at.key(), at.value());
    from = std::string(at.key()) + '\0';
  }
  if (!at.status().ok()) return translate(at.status());
  return at.valid();
}

std::string behind_units() {
  return unit_key(std::numeric_limits<destination_id>::max(), ~partition{0}, ~sequence{0});
}

}  // namespace

base::result<std::vector<erasure_id>> open_erasures(const read_side& side) {
  std::vector<erasure_id> open;
  auto from = erasure_entry(0);
  const auto to = erasure_entry(~erasure_id{0});
  for (bool more = true; more;) {
    const auto seen = visit_slice(side, family::meta, from, to, [&](std::string_view key, std::string_view) {
      open.push_back(erasure_of(key));
    });
    if (!seen) return seen.error();
    more = *seen;
  }
  return open;
}

base::result<erasure_record> find_erasure(const read_side& side, erasure_id which) {
  const auto key = erasure_entry(which);
  const auto stored = side.data.get(family::meta, key);
  if (!stored) return stored.error();
  auto known = *stored ? decode_erasure(key, **stored) : std::nullopt;
  if (!known) return fail(errc::not_found, "no such erasure");
  return std::move(*known);
}

base::result<std::vector<sequence>> torn_quoting(const read_side& side, const customer_key& who) {
  const auto quoted = base::json_string(std::string(base::trim(term_of(who).value)));
  const auto asked = base::to_lower(quoted);
  std::vector<sequence> found;
  auto from = torn_entry(0, 0);
  const auto to = torn_entry(~partition{0}, ~sequence{0});
  for (bool more = true; more;) {
    const auto seen =
        visit_slice(side, family::meta, from, to, [&](std::string_view key, std::string_view v) {
          if (base::to_lower(v).find(asked) != std::string::npos) found.push_back(sequence_of(key));
        });
    if (!seen) return seen.error();
    more = *seen;
  }
  return found;
}

// --- what is to be erased

erasable_scan::erasable_scan(const read_side& side, erasure_record which, reply<std::vector<record>> then)
    : side_(side),
      which_(std::move(which)),
      then_(std::move(then)),
      index_(side, which_.hint, which_.up_to),
      from_copies_(unit_key(0, 0, 0)) {}

bool erasable_scan::step() {
  return in_index_ ? step_index() : step_copies();
}

bool erasable_scan::step_index() {
  std::optional<base::error> unread;
  const auto looked = index_.look(slice, [&](sequence number) {
    auto candidate = look_up(side_, number);
    if (candidate)
      consider(std::move(*candidate));
    else
      unread = candidate.error();
    return !unread && !full();
  });
  if (unread) {
    then_(*unread);
    return false;
  }
  if (looked == term_scan::outcome::more) return true;
  if (!found_.empty()) return finish();
  in_index_ = false;
  return true;
}

bool erasable_scan::step_copies() {
  const auto seen = visit_slice(side_, family::copies, from_copies_, behind_units(),
                                [this](std::string_view key, std::string_view value) {
                                  const auto number = sequence_of(key);
                                  if (full() || number >= which_.up_to) return;
                                  auto copy = decode_event(log_key(0, number), value);
                                  if (copy) copy->routed = {destination_of(key)};
                                  consider(std::move(copy));
                                });
  if (!seen) {
    then_(seen.error());
    return false;
  }
  return *seen && !full() ? true : finish();
}

void erasable_scan::consider(std::optional<record> candidate) {
  if (!candidate) return;
  const auto decoded = event::decode(candidate->stored);
  if (!decoded || !concerns(which_, side_.hashes, decoded->data)) return;
  bytes_ += candidate->stored.size();
  found_.push_back(std::move(*candidate));
}

bool erasable_scan::full() const {
  return found_.size() >= most_records || bytes_ >= most_bytes;
}

bool erasable_scan::finish() {
  then_(std::move(found_));
  return false;
}

// --- what others' rows say about them

shared_rows_scan::shared_rows_scan(const read_side& side, const std::vector<sequence>& numbers,
                                   receiver<std::vector<shared_row>> then)
    : side_(side), own_(numbers.begin(), numbers.end()), then_(std::move(then)), from_(unit_key(0, 0, 0)) {
  for (const auto id : side_.told.destinations())
    for (const auto number : own_)
      look_at(id, number);
}

void shared_rows_scan::look_at(destination_id id, sequence number) {
  const auto key = unit_key(id, 0, number);
  for (const auto where : searched) {
    const auto stored = side_.data.get_sound(where, key);
    if (!stored && !failure_) failure_ = stored.error();
    if (!stored || !*stored) continue;
    if (where == family::exceptions) {
      if (const auto row = decode_exception(key, **stored)) widen(id, row->value.tries);
    } else if (const auto row = decode_end(key, **stored)) {
      widen(id, row->tries);
    }
  }
}

void shared_rows_scan::widen(destination_id id, const attempts& tries) {
  if (auto span = span_of(tries)) spans_[id].push_back(std::move(*span));
}

bool shared_rows_scan::was_shared(destination_id id, const attempts& tries) const {
  const auto known = spans_.find(id);
  return known != spans_.end() &&
         std::any_of(known->second.begin(), known->second.end(),
                     [&](const attempt_span& each) { return may_have_shared(each, tries); });
}

bool shared_rows_scan::step() {
  if (failure_) {
    then_(*failure_);
    return false;
  }
  if (spans_.empty() || family_ == searched.size()) {
    then_(std::move(found_));
    return false;
  }
  const auto where = searched[family_];
  const auto seen =
      visit_slice(side_, where, from_, behind_units(),
                  [&](std::string_view key, std::string_view value) { consider(where, key, value); });
  if (!seen) {
    then_(seen.error());
    return false;
  }
  if (!*seen) {
    ++family_;
    from_ = unit_key(0, 0, 0);
  }
  return true;
}

void shared_rows_scan::consider(family where, std::string_view key, std::string_view value) {
  if (own_.contains(sequence_of(key))) return;
  const auto id = destination_of(key);
  if (where == family::exceptions) {
    const auto row = decode_exception(key, value);
    if (row && was_shared(id, row->value.tries)) found_.push_back({where, std::string(key)});
  } else if (const auto row = decode_end(key, value); row && was_shared(id, row->tries)) {
    found_.push_back({where, std::string(key)});
  }
}

}  // namespace cartrelay::queue::rocks
