#include "queue/rocksdb/patient_scan.hpp"

#include "base/log.hpp"

#include <cstdint>

namespace cartrelay::queue::rocks {
namespace {

/// Keys as numbers, so that a search can halve what lies between two of them: their first bytes, as many as
/// the longest key has that ends in a sequence.
__extension__ using place = unsigned __int128;
constexpr std::size_t place_bytes = sizeof(place);

place place_of(std::string_view key) {
  place out = 0;
  for (std::size_t i = 0; i < place_bytes; ++i)
    out = out << 8 | static_cast<std::uint8_t>(i < key.size() ? key[i] : 0);
  return out;
}

std::string key_at(place where) {
  std::string out(place_bytes, '\0');
  for (auto byte = out.rbegin(); byte != out.rend(); ++byte, where >>= 8)
    *byte = static_cast<char>(static_cast<std::uint8_t>(where & 0xff));
  return out;
}

}  // namespace

patient_scan::patient_scan(const store& data, family from, std::string low, std::string high,
                           deleted_rows deleted)
    : data_(data), from_(from), reached_(low), at_(data, from, std::move(low), std::move(high)) {
  if (deleted == deleted_rows::left_out) {
    rocksdb::ReadOptions heeding;
    heeding.fill_cache = false;
    heeding.total_order_seek = true;
    sure_.reset(data.db().NewIterator(heeding, data[from]));
    sure_->Seek(at_.low());
  }
  if (!readable_from(at_.low())) step_over();
  leave_out_deleted();
}

void patient_scan::next() {
  step();
  leave_out_deleted();
}

void patient_scan::step() {
  reached_.assign(key());
  at_.next();
  if (!at_.valid() && !at_.status().ok()) step_over();
}

void patient_scan::leave_out_deleted() {
  while (sure_ && valid() && is_deleted())
    step();
}

/// An iterator that heeds range deletions goes along. It may lack rows, but shows none that is deleted.
bool patient_scan::is_deleted() {
  while (sure_->Valid() && sure_->key().compare(key()) < 0)
    sure_->Next();
  if (sure_->Valid() && sure_->key() == key()) return false;
  rocksdb::PinnableSlice value;
  return data_.db().Get({}, data_[from_], key(), &value).IsNotFound();
}

bool patient_scan::readable_from(const std::string& key) {
  at_.renew();
  at_.seek(key);
  if (at_.valid() || at_.status().ok()) return true;
  note(at_.status());
  return false;
}

/// Damage is final: what may pass says more.
void patient_scan::note(const rocksdb::Status& why) {
  if (status_.ok() || (status_.IsCorruption() && !why.IsCorruption())) status_ = why;
}

/// What lies after reached_ cannot be read: goes to the first key after which something can.
void patient_scan::step_over() {
  base::log::warning("queue: a stored block cannot be read: {}", at_.status().ToString());
  note(at_.status());
  const auto end = place_of(at_.high());
  auto broken = place_of(reached_), sound = end;
  for (place step = 1; broken < end && step < end - broken; step *= 2) {
    if (readable_from(key_at(broken + step))) {
      sound = broken + step;
      break;
    }
    broken += step;
  }
  while (sound - broken > 1 && broken < sound) {
    const auto middle = broken + (sound - broken) / 2;
    (readable_from(key_at(middle)) ? sound : broken) = middle;
  }
  if (!readable_from(key_at(sound))) at_.seek(at_.high());
}

}  // namespace cartrelay::queue::rocks
