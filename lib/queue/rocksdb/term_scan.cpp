#include "queue/rocksdb/term_scan.hpp"

#include <algorithm>
#include <limits>

namespace cartrelay::queue::rocks {
namespace {

base::error unreadable(const rocksdb::Status& status) {
  return status.ok() ? fail(errc::corrupt, "a row of the search index does not match its checksum")
                     : translate(status);
}

}  // namespace

term_scan::term_scan(const read_side& side, term_hash term, sequence before)
    : side_(side), term_(term), before_(std::min(before, side.told.next())) {}

base::result<term_scan::outcome> term_scan::next() {
  if (!notes_read_ && !read_notes()) return unreadable(rocksdb::Status::OK());
  if (found_.empty()) {
    if (!pages_) open_pages();
    if (!pages_->status().ok()) return unreadable(pages_->status());
    if (!pages_->Valid()) return outcome::end;
    const auto segment = segment_of_page(pages_->key().ToStringView());
    if (!take(pages_->key().ToStringView(), pages_->value().ToStringView()))
      return unreadable(rocksdb::Status::OK());
    pages_->Next();
    if (found_.empty()) {
      before_ = std::min(before_, segment);
      return outcome::passed;
    }
  }
  before_ = found_.back();
  found_.pop_back();
  return outcome::found;
}

/// Of the newest segment. If that was completed meanwhile, its pages have what is missing here.
bool term_scan::read_notes() {
  notes_read_ = true;
  const auto newest = segment_start(std::max<sequence>(side_.told.next(), 1) - 1);
  if (before_ <= newest) return true;
  const auto low = note_key(0, newest), high = note_key(0, std::numeric_limits<sequence>::max());
  const rocksdb::Slice lower(low), upper(high);
  const std::unique_ptr<rocksdb::Iterator> at(
      side_.data.db().NewIterator(scan_options(lower, upper), side_.data[family::index]));
  bool whole = true;
  for (at->Seek(lower); at->Valid() && whole; at->Next())
    whole = take(at->key().ToStringView(), at->value().ToStringView());
  return whole && at->status().ok();
}

void term_scan::open_pages() {
  low_ = before_ > 0 ? page_key(0, term_.page(), segment_start(before_ - 1)) : last_page_key(0, term_.page());
  high_ = last_page_key(0, term_.page());
  lower_ = low_;
  upper_ = high_;
  pages_.reset(side_.data.db().NewIterator(scan_options(lower_, upper_), side_.data[family::index]));
  pages_->Seek(lower_);
}

/// False: the row cannot be read.
bool term_scan::take(std::string_view key, std::string_view value) {
  const auto entries = decode_entries(key, value);
  if (!entries) return false;
  for (const auto& [term, number] : *entries)
    if (term == term_ && number < before_ && (found_.empty() || number > found_.back()))
      found_.push_back(number);
  return true;
}

}  // namespace cartrelay::queue::rocks
