#include "queue/rocksdb/term_scan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

/// Why a row could not be taken, or no more came.
base::error reason_at(const rocksdb::Iterator& at) {
  return at.status().ok() ? fail(errc::corrupt, "a row of the search index does not match its checksum")
                          : translate(at.status());
}

}  // namespace

term_scan::term_scan(const read_side& side, term_hash term, sequence before)
    : side_(side), term_(term), before_(std::min(before, side.told.next())) {}

base::result<term_scan::outcome> term_scan::next() {
  if (!std::exchange(notes_read_, true))
    if (const auto read = read_notes(); !read) return read.error();
  auto reached = before_;
  if (found_.empty()) {
    if (!pages_) open_pages();
    if (!pages_->Valid() && pages_->status().ok()) return outcome::end;
    if (!pages_->Valid() || !take(*pages_)) return reason_at(*pages_);
    reached = std::min(reached, segment_of_page(pages_->key().ToStringView()));
    pages_->Next();
  }
  const bool any = !found_.empty();
  before_ = any ? found_.back() : reached;
  if (any) found_.pop_back();
  if (before_ < side_.told.first()) return outcome::end;
  return any ? outcome::found : outcome::passed;
}

/// Of the newest segment. If that was completed meanwhile, its pages have what is missing here.
base::result<void> term_scan::read_notes() {
  const auto newest = segment_start(std::max<sequence>(side_.told.next(), 1) - 1);
  if (before_ <= newest) return {};
  const auto low = note_key(0, newest), high = note_key(0, std::numeric_limits<sequence>::max());
  const rocksdb::Slice lower(low), upper(high);
  const std::unique_ptr<rocksdb::Iterator> at(
      side_.data.db().NewIterator(scan_options(lower, upper), side_.data[family::index]));
  for (at->Seek(lower); at->Valid(); at->Next())
    if (!take(*at)) return reason_at(*at);
  if (!at->status().ok()) return reason_at(*at);
  return {};
}

void term_scan::open_pages() {
  low_ = before_ > 0 ? page_key(0, term_.page(), segment_start(before_ - 1)) : last_page_key(0, term_.page());
  high_ = last_page_key(0, term_.page());
  lower_ = low_;
  upper_ = high_;
  pages_.reset(side_.data.db().NewIterator(scan_options(lower_, upper_), side_.data[family::index]));
  pages_->Seek(lower_);
}

/// False: the row that it stands on cannot be read.
bool term_scan::take(const rocksdb::Iterator& at) {
  const auto entries = decode_entries(at.key().ToStringView(), at.value().ToStringView());
  if (!entries) return false;
  for (const auto& [term, number] : *entries)
    if (term == term_ && number < before_ && (found_.empty() || number > found_.back()))
      found_.push_back(number);
  return true;
}

}  // namespace cartrelay::queue::rocks
