#include "queue/rocksdb/search.hpp"

#include "queue/match.hpp"
#include "queue/rocksdb/log_reads.hpp"
#include "queue/rocksdb/receipts.hpp"
#include "queue/rocksdb/scan.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::size_t slice = 512, most_candidates = 20000;
constexpr auto clock_slack = std::chrono::hours(1);

}  // namespace

search_scan::search_scan(const read_side& side, receipt_query query, reply<receipt_page> then)
    : side_(side), query_(std::move(query)), then_(std::move(then)), before_(side.told.next()) {
  if (query_.before) before_ = std::min(before_, *query_.before);
  if (!query_.terms.empty())
    index_.emplace(side_, hash_of(side_.hashes.identity_low, query_.terms.front()), before_);
}

bool search_scan::step() {
  return index_ ? step_index() : step_log();
}

bool search_scan::step_log() {
  scan at(side_.data, family::log, log_key(0, side_.told.first()), log_key(0, before_));
  std::size_t looked = 0;
  for (at.seek_last(); at.valid() && looked < slice; at.previous(), ++looked) {
    if (!look_at(decode_event(at.key(), at.value()))) return false;
    before_ = sequence_of(at.key());
  }
  if (!at.valid() && at.status().ok()) return finish({});
  if (!at.status().ok() && !side_.is_lost(at.status())) {
    failure_ = translate(at.status());
    return stop();
  }
  if (!at.status().ok() && before_ > side_.told.first()) {
    // What cannot be read may be another record's block: this one is asked for by itself.
    const auto candidate = look_up(side_, before_ - 1);
    if (!candidate) {
      failure_ = candidate.error();
      return stop();
    }
    if (!look_at(*candidate)) return false;
    --before_;
  }
  seen_ += std::max<std::size_t>(looked, 1);
  if (before_ <= side_.told.first()) return finish({});
  return exhausted() ? finish(before_) : true;
}

/// False: the page was answered.
bool search_scan::look_at(const std::optional<record>& candidate) {
  if (!candidate || is_erased(*candidate)) return true;
  if (query_.since && candidate->received_at + clock_slack < *query_.since) return finish({});
  return consider(*candidate) || stop();
}

bool search_scan::step_index() {
  const auto looked = index_->look(slice, [this](sequence number) {
    const auto candidate = look_up(side_, number);
    if (!candidate) failure_ = candidate.error();
    return candidate && (!*candidate || consider(**candidate));
  });
  if (looked == term_scan::outcome::stopped) return stop();
  if (looked == term_scan::outcome::end) return finish({});
  before_ = index_->before();
  seen_ += slice;
  return exhausted() ? finish(before_) : true;
}

/// False: it matches, but the page is full; or it may match, and the disk does not tell.
bool search_scan::consider(const record& candidate) {
  if (!matches_record(query_, candidate) || !has_terms(candidate, query_.terms)) return true;
  auto lines = receipt_lines(side_, candidate);
  if (!lines && !side_.gives_up) {
    failure_ = lines.error();
    return false;
  }
  if (!lines || !matches_lines(query_, *lines)) return true;
  if (page_.receipts.size() >= query_.limit) return false;
  page_.receipts.push_back({candidate, std::move(*lines)});
  return true;
}

/// Where consider() said so.
bool search_scan::stop() {
  if (!failure_) return finish(page_.receipts.back().event.number);
  refuse(*failure_);
  return false;
}

bool search_scan::finish(std::optional<sequence> next) {
  page_.next = next;
  then_(std::move(page_));
  return false;
}

bool search_scan::exhausted() const {
  return seen_ >= most_candidates;
}

}  // namespace cartrelay::queue::rocks
