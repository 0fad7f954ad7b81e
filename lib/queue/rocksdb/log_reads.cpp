#include "queue/rocksdb/log_reads.hpp"

#include "base/thread.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/patient_scan.hpp"
#include "queue/rocksdb/routes.hpp"
#include "queue/rocksdb/scan.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

/// Records that are asked for by themselves: in one call, and in a row before the log is walked again.
constexpr sequence most_alone = 2048, most_in_a_row = 256;
/// About a tenth of a millisecond's.
constexpr std::size_t records_at_a_time = 40;

struct stretch {
  read_batch batch;
  std::vector<torn_record> torn;
};

rocksdb::Status get_record(const read_side& side, std::string_view key, rocksdb::PinnableSlice& value) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  return side.data.get(family::log, key, options, value);
}

/// One call of read(). What a walk along the log does not show is not gone: another record's block, or file,
/// may stand in its way. Each one that `routes` names is asked for by itself, and torn if it is not to be had
/// then. What the disk does not give now is left for another call.
class log_scan {
 public:
  log_scan(const read_side& side, sequence from, sequence to, const read_limits& limits)
      : side_(side),
        at_(side.data, family::log, log_key(0, from), log_key(0, to)),
        from_(from),
        expected_(from),
        end_(to),
        limits_(limits) {}

  /// Fails if the disk gives nothing at all.
  base::result<stretch> run() {
    base::giving_way way(records_at_a_time);
    at_.seek_first();
    while (!full() && expected_ < end_ && step())
      way.worked();
    if (expected_ == from_ && !failure_.ok()) return translate(failure_);
    out_.position = expected_ - 1;
    out_.at_end = expected_ == end_;
    for (const auto& each : torn_)
      out_.corrupt.push_back(each.number);
    return stretch{std::move(out_), std::move(torn_)};
  }

 private:
  enum class answer { taken, lost, unknown };

  [[nodiscard]] bool full() const {
    return out_.records.size() >= limits_.max_records ||
           (!out_.records.empty() && bytes_ >= limits_.max_bytes);
  }

  /// False: that is all for this call.
  bool step() {
    if (at_.valid()) {
      if (const auto number = sequence_of(at_.key()); number > expected_) return ask_up_to(number);
      take(at_.key(), at_.value());
      at_.next();
      in_a_row_ = 1;
      return true;
    }
    if (at_.status().ok()) return ask_up_to(end_);
    if (side_.is_lost(at_.status())) return ask_on();
    failure_ = at_.status();
    return false;
  }

  /// The walk works, and shows nothing before `number`.
  bool ask_up_to(sequence number) {
    const auto to = std::min(number, segment_end(expected_));
    const auto named = named_before(to);
    if (!named) return false;
    for (const auto each : *named) {
      expected_ = each;
      if (!may_ask()) return false;
      const auto found = ask_for(each);
      if (found == answer::unknown) return false;
      if (found == answer::lost) torn_.push_back({each, {}});
    }
    expected_ = to;
    return true;
  }

  /// The walk cannot go on from here: it is begun anew behind some records, more of them each time.
  bool ask_on() {
    const auto to = std::min(expected_ + in_a_row_, end_);
    std::optional<std::vector<sequence>> named;
    while (expected_ < to) {
      if (!may_ask()) return false;
      const auto found = ask_for(expected_);
      if (found == answer::unknown) return false;
      if (found == answer::taken) continue;
      if (!named) named = named_before(to);
      if (!named) return false;
      if (std::binary_search(named->begin(), named->end(), expected_)) torn_.push_back({expected_, {}});
      ++expected_;
    }
    in_a_row_ = std::min(2 * in_a_row_, most_in_a_row);
    at_.renew();
    at_.seek(log_key(0, expected_));
    return true;
  }

  [[nodiscard]] bool may_ask() { return !full() && asked_++ < most_alone; }

  answer ask_for(sequence number) {
    const auto key = log_key(0, number);
    rocksdb::PinnableSlice value;
    const auto status = get_record(side_, key, value);
    if (status.ok()) {
      take(key, value.ToStringView());
      return answer::taken;
    }
    if (status.IsNotFound() || side_.is_lost(status)) return answer::lost;
    failure_ = status;
    return answer::unknown;
  }

  /// What was accepted from the expected one on. Numbers that were never given leave no trace; neither do
  /// those whose traces are damaged, so that then all are named. Nothing: the disk does not tell.
  std::optional<std::vector<sequence>> named_before(sequence to) {
    std::vector<sequence> named;
    const auto told = for_each_run(side_.data, expected_, to, [&](sequence first, const route_run& run) {
      for (sequence i = 0; i < run.count; ++i)
        named.push_back(first + i);
    });
    if (side_.is_lost(told)) {
      named.resize(to - expected_);
      std::iota(named.begin(), named.end(), expected_);
    } else if (!told.ok()) {
      failure_ = told;
      return std::nullopt;
    }
    return named;
  }

  void take(std::string_view key, std::string_view value) {
    expected_ = sequence_of(key) + 1;
    auto read = decode_event(key, value);
    if (read && is_erased(*read)) return;  // it has ended everywhere
    if (read) {
      bytes_ += value.size();
      out_.records.push_back(std::move(*read));
    } else {
      torn_.push_back({sequence_of(key), std::string(value)});
    }
  }

  const read_side& side_;
  scan at_;
  sequence from_;
  sequence expected_;  // the first that is not accounted for
  sequence end_;
  read_limits limits_;
  sequence asked_ = 0, in_a_row_ = 1;
  std::size_t bytes_ = 0;
  read_batch out_;
  std::vector<torn_record> torn_;
  rocksdb::Status failure_;  // that may pass
};

/// Whoever meets it again reports it again.
void report(const read_side& side, torn_record which) {
  std::vector<torn_record> found;
  found.push_back(std::move(which));
  side.torn(std::move(found), [](const base::result<void>&) {});
}

/// What a record's bytes are; reports it as torn if they are none. Nothing: torn or erased.
std::optional<record> open_record(const read_side& side, std::string_view key, std::string_view value) {
  auto read = decode_event(key, value);
  if (!read) report(side, {sequence_of(key), std::string(value)});
  if (read && is_erased(*read)) return std::nullopt;
  return read;
}

/// Several records by number. Neighbours are read by one iterator that walks from the one to the next: a
/// look-up of its own for each would search from the top, and unpack their common block, every time.
class neighbour_reads {
 public:
  neighbour_reads(const read_side& side, const std::vector<sequence>& numbers) : side_(side) {
    if (numbers.size() < fewest) return;
    const auto [first, last] = std::minmax_element(numbers.begin(), numbers.end());
    first_ = std::max(*first, side.told.first());  // a walk may show what was trimmed
    if (first_ <= *last) at_.emplace(side.data, family::log, log_key(0, first_), log_key(0, *last + 1));
  }

  base::result<std::optional<record>> find(sequence number) {
    if (!at_ || number < first_ || !reach(number)) return look_up(side_, number);
    const auto key = at_->key();
    return sequence_of(key) == number ? open_record(side_, key, at_->value()) : std::nullopt;
  }

 private:
  static constexpr std::size_t fewest = 4;
  static constexpr sequence farthest = 32;  // steps that cost less than a search

  /// To that record or what follows it. False: nothing can be said of it from here.
  bool reach(sequence number) {
    const auto here = at_->valid() ? sequence_of(at_->key()) : 0;
    if (here == 0 || number < here || number - here > farthest)
      at_->seek(log_key(0, number));
    else
      while (at_->valid() && sequence_of(at_->key()) < number)
        at_->next();
    return at_->valid();
  }

  const read_side& side_;
  sequence first_ = 0;
  std::optional<scan> at_;
};

}  // namespace

void read_log(const read_side& side, partition part, sequence after, const read_limits& limits,
              reply<read_batch> then) {
  if (part != 0) {
    then(fail(errc::not_found, "no such partition"));
    return;
  }
  const auto end = side.told.next();
  const auto from = std::max(after + 1, side.told.first());
  if (from >= end) {
    read_batch nothing;
    nothing.position = std::max(after, end - 1);
    nothing.at_end = true;
    then(std::move(nothing));
    return;
  }
  auto got = log_scan(side, from, end, limits).run();
  if (!got) {
    then(got.error());
  } else if (got->torn.empty()) {
    then(std::move(got->batch));
  } else {
    // The reader goes on behind them and never comes back.
    side.torn(std::move(got->torn), [batch = std::move(got->batch),
                                     then = std::move(then)](const base::result<void>& done) mutable {
      if (done)
        then(std::move(batch));
      else
        then(done.error());
    });
  }
}

base::result<std::optional<record>> look_up(const read_side& side, sequence number) {
  if (number >= side.told.next()) return std::nullopt;
  const auto key = log_key(0, number);
  rocksdb::PinnableSlice value;
  const auto status = get_record(side, key, value);
  if (status.IsNotFound()) return std::nullopt;
  if (status.ok()) return open_record(side, key, value.ToStringView());
  if (!side.is_lost(status)) return translate(status);
  report(side, {number, {}});
  return std::nullopt;
}

base::result<std::optional<record>> copied(const read_side& side, destination_id destination,
                                           sequence number) {
  const auto stored = side.data.get_sound(family::copies, unit_key(destination, 0, number));
  if (!stored) return stored.error();
  if (!*stored) return std::nullopt;
  return decode_event(log_key(0, number), **stored);
}

sequence kept_from(const read_side& side) {
  // Before the copies: one that comes later is of an event that the log has.
  auto oldest = side.told.first();
  for (const auto id : side.told.destinations()) {
    const patient_scan copies(side.data, family::copies, unit_key(id, 0, 0), unit_key(id, 0, oldest));
    if (!copies.whole()) return 0;
    if (copies.valid()) oldest = sequence_of(copies.key());
  }
  return oldest;
}

base::result<std::vector<record>> fetch_records(const read_side& side, partition part,
                                                const std::vector<sequence>& numbers, std::size_t max_bytes) {
  if (part != 0) return fail(errc::not_found, "no such partition");
  const auto destinations = side.told.destinations();
  std::vector<record> out;
  std::size_t bytes = 0;
  neighbour_reads log(side, numbers);
  for (const auto number : numbers) {
    if (!out.empty() && bytes >= max_bytes) break;
    auto found = log.find(number);
    for (auto id = destinations.begin(); found && !*found && id != destinations.end(); ++id)
      found = copied(side, *id, number);
    if (!found) return found.error();
    if (!*found) continue;
    bytes += (*found)->stored.size();
    out.push_back(std::move(**found));
  }
  return out;
}

}  // namespace cartrelay::queue::rocks
