#include "queue/rocksdb/term_scan.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::queue::rocks {

term_scan::term_scan(const read_side& side, term_hash term, sequence before)
    : side_(side), term_(term), before_(std::min(before, side.told.next())), suspect_from_(before_) {}

term_scan::outcome term_scan::look(std::size_t most, const visitor& visit) {
  if (!std::exchange(notes_read_, true)) read_notes();
  std::optional<patient_scan> pages;
  for (std::size_t looked = 0; looked < most; ++looked) {
    if (before_ <= side_.told.first()) return outcome::end;
    if (const auto hint = next_hint()) {
      before_ = *hint;
      if (before_ < side_.told.first()) return outcome::end;
      if (!visit(before_)) return outcome::stopped;
    } else {
      read_page(pages);
    }
  }
  return outcome::more;
}

std::optional<sequence> term_scan::next_hint() {
  if (suspect_from_ < before_) return before_ - 1;
  if (found_.empty()) return std::nullopt;
  const auto hint = found_.back();
  found_.pop_back();
  return hint;
}

/// Of the newest segment. If that was completed meanwhile, its pages have what is missing here.
void term_scan::read_notes() {
  const auto newest = segment_start(std::max<sequence>(side_.told.next(), 1) - 1);
  if (before_ <= newest) return;
  patient_scan at(side_.data, family::index, note_key(0, newest), behind_notes(0));
  bool whole = true;
  for (; at.valid(); at.next())
    whole = take(at) && whole;
  if (!whole || !at.whole()) suspect(newest);
}

/// The next row that there is, from the newest segment of which something is to be looked at.
void term_scan::read_page(std::optional<patient_scan>& pages) {
  if (pages)
    pages->next();
  else
    pages.emplace(side_.data, family::index, page_key(0, term_.page(), segment_start(before_ - 1)),
                  last_page_key(0, term_.page()));
  const auto segment = pages->valid() ? segment_of_page(pages->key()) : 0;
  if (!pages->whole()) {
    // Nobody knows which rows lay in between. From behind them on the scan begins anew.
    suspect(pages->valid() ? segment_end(segment) : side_.told.first());
    pages.reset();
  } else if (!pages->valid()) {
    before_ = side_.told.first();
  } else if (!take(*pages)) {
    base::log::warning(
        "queue: a row of the search index is damaged: the events from {} on are looked at one by one",
        segment);
    suspect(segment);
  } else if (found_.empty()) {
    before_ = std::min(before_, segment);
  }
}

/// False: the row that it stands on cannot be read.
bool term_scan::take(const patient_scan& at) {
  const auto entries = decode_entries(at.key(), at.value());
  if (!entries) return false;
  for (const auto& [term, number] : *entries)
    if (term == term_ && number < before_ && (found_.empty() || number > found_.back()))
      found_.push_back(number);
  return true;
}

void term_scan::suspect(sequence from) {
  found_.clear();
  suspect_from_ = std::min(from, before_);
}

}  // namespace cartrelay::queue::rocks
