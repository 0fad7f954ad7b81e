#include "queue/rocksdb/dead_letter_reads.hpp"

#include "queue/match.hpp"
#include "queue/rocksdb/log_reads.hpp"
#include "queue/rocksdb/patient_scan.hpp"
#include "queue/rocksdb/progress_records.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::size_t slice = 512;

dead_letter_query without_limits(dead_letter_query query) {
  query.after.reset();
  return query;
}

}  // namespace

dead_letter_scan::dead_letter_scan(const read_side& side, dead_letter_query query)
    : side_(side), query_(std::move(query)) {
  from_ = unit_key(query_.destination.value_or(0), 0, 0);
  to_ = unit_key(query_.destination.value_or(~destination_id{0}), ~partition{0}, ~sequence{0});
  if (query_.after) from_ = std::max(from_, unit_key(query_.after->destination, 0, query_.after->number + 1));
}

base::result<dead_letter_scan::outcome> dead_letter_scan::step(const visitor& visit) {
  patient_scan at(side_.data, family::dead_letters, from_, to_);
  std::size_t looked = 0;
  std::string last = from_;
  for (; at.valid() && looked < slice; at.next(), ++looked) {
    const auto key = at.key();
    const dead_letter_key which{destination_of(key), sequence_of(key)};
    auto ended = decode_end(key, at.value());
    if (ended && matches_dead_letter(query_, which.destination, *ended) && !visit(which, std::move(*ended)))
      return outcome::enough;
    last = unit_key(which.destination, 0, which.number + 1);
  }
  if (!at.whole() && !side_.is_lost(at.status())) return translate(at.status());
  const bool more = at.valid();
  from_ = last;
  return more ? outcome::more : outcome::done;
}

dead_letter_page_scan::dead_letter_page_scan(const read_side& side, dead_letter_query query,
                                             reply<dead_letter_page> then)
    : side_(side), limit_(query.limit), scan_(side, std::move(query)), then_(std::move(then)) {}

bool dead_letter_page_scan::step() {
  const auto outcome = scan_.step([this](const dead_letter_key& which, end&& ended) {
    if (page_.letters.size() >= limit_) {
      page_.next = dead_letter_key{page_.letters.back().destination, page_.letters.back().ended.number};
      return false;
    }
    dead_letter found{which.destination, std::move(ended), {}};
    found.event.number = which.number;
    auto event = copied(side_, which.destination, which.number);
    if (!event && !side_.gives_up) {
      unread_ = event.error();
      return false;
    }
    if (event && *event) found.event = std::move(**event);
    page_.letters.push_back(std::move(found));
    return true;
  });
  if (unread_) {
    refuse(*unread_);
    return false;
  }
  if (outcome && *outcome == dead_letter_scan::outcome::more) return true;
  if (outcome)
    then_(std::move(page_));
  else
    then_(outcome.error());
  return false;
}

dead_letter_selection_scan::dead_letter_selection_scan(const read_side& side,
                                                       const dead_letter_query& matching,
                                                       receiver<std::vector<dead_letter_key>> then)
    : scan_(side, without_limits(matching)), then_(std::move(then)) {}

bool dead_letter_selection_scan::step() {
  const auto outcome = scan_.step([this](const dead_letter_key& which, end&&) {
    keys_.push_back(which);
    return true;
  });
  if (outcome && *outcome == dead_letter_scan::outcome::more) return true;
  if (outcome)
    then_(std::move(keys_));
  else
    then_(outcome.error());
  return false;
}

}  // namespace cartrelay::queue::rocks
