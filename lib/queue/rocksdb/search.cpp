#include "queue/rocksdb/search.hpp"

#include "queue/match.hpp"
#include "queue/rocksdb/log_reads.hpp"
#include "queue/rocksdb/receipts.hpp"

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
  const auto low = log_key(0, side_.told.first()), high = log_key(0, before_);
  const rocksdb::Slice lower(low), upper(high);
  const auto options = scan_options(lower, upper);
  const std::unique_ptr<rocksdb::Iterator> at(side_.data.db().NewIterator(options, side_.data[family::log]));
  std::size_t looked = 0;
  for (at->SeekForPrev(upper); at->Valid() && looked < slice; at->Prev(), ++looked) {
    const auto candidate = decode_event(at->key().ToStringView(), at->value().ToStringView());
    if (candidate && !is_erased(*candidate)) {
      if (query_.since && candidate->received_at + clock_slack < *query_.since) return finish({});
      if (!consider(*candidate)) return stop();
    }
    before_ = sequence_of(at->key().ToStringView());
  }
  if (!at->Valid() && at->status().ok()) return finish({});
  if (!at->status().ok() && !side_.is_lost(at->status())) {
    failure_ = translate(at->status());
    return stop();
  }
  // A block that cannot be read is stepped over: readers of the log will have set its records aside.
  if (!at->status().ok()) before_ = before_ > side_.told.first() ? before_ - 1 : before_;
  seen_ += std::max<std::size_t>(looked, 1);
  if (before_ <= side_.told.first()) return finish({});
  return exhausted() ? finish(before_) : true;
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
