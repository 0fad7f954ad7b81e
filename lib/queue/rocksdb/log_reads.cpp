#include "queue/rocksdb/log_reads.hpp"

#include "base/thread.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/patient_scan.hpp"
#include "queue/rocksdb/routes.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

/// A block that cannot be read is stepped over record by record; so many steps in one call.
constexpr sequence most_steps = 2048;
/// About a tenth of a millisecond's.
constexpr std::size_t records_at_a_time = 40;

struct stretch {
  read_batch batch;
  std::vector<torn_record> torn;
};

/// One call of read(). What the log skips although `routes` knows it is torn: its block, or its file, is
/// gone. What the disk does not give now is left for another call.
class log_scan {
 public:
  log_scan(const read_side& side, sequence from, sequence to, const read_limits& limits)
      : side_(side),
        low_(log_key(0, from)),
        high_(log_key(0, to)),
        lower_(low_),
        upper_(high_),
        options_(scan_options(lower_, upper_)),
        at_(side.data.db().NewIterator(options_, side.data[family::log])),
        from_(from),
        expected_(from),
        end_(to),
        limits_(limits) {}

  /// Fails if the disk gives nothing at all.
  base::result<stretch> run() {
    base::giving_way way(records_at_a_time);
    at_->Seek(lower_);
    while (!full() && reach_next()) {
      take();
      at_->Next();
      way.worked();
    }
    if (expected_ == from_ && !failure_.ok()) return translate(failure_);
    out_.position = expected_ - 1;
    out_.at_end = expected_ == end_;
    for (const auto& each : torn_)
      out_.corrupt.push_back(each.number);
    return stretch{std::move(out_), std::move(torn_)};
  }

 private:
  [[nodiscard]] bool full() const {
    return out_.records.size() >= limits_.max_records ||
           (!out_.records.empty() && bytes_ >= limits_.max_bytes);
  }

  /// Puts the iterator on the next record and accounts for what lies between. False: nothing more is readable
  /// (for now).
  bool reach_next() {
    for (sequence step = 1; !at_->Valid() && side_.is_lost(at_->status()); ++step) {
      const auto probe = expected_ + step;
      if (step > most_steps || probe >= end_) {
        miss_up_to(std::min(probe, end_));
        return false;
      }
      at_->Seek(log_key(0, probe));
    }
    if (!at_->Valid()) failure_ = at_->status();
    return failure_.ok() && miss_up_to(at_->Valid() ? sequence_of(at_->key().ToStringView()) : end_) &&
           at_->Valid();
  }

  /// False: the disk does not tell what there was.
  bool miss_up_to(sequence number) {
    if (number <= expected_) return true;
    auto unknown = expected_;
    std::vector<torn_record> torn;
    std::vector<std::pair<sequence, sequence>> missing;
    const auto miss = [&](sequence from, sequence to) {
      for (; from < to; ++from)
        torn.push_back({from, {}});
    };
    const auto told = for_each_run(side_.data, expected_, number, [&](sequence first, const route_run& run) {
      missing.emplace_back(unknown, first);
      miss(first, first + run.count);
      unknown = first + run.count;
    });
    missing.emplace_back(unknown, number);
    // Numbers that were never given leave no trace; neither do those whose traces are damaged.
    if (side_.is_lost(told))
      for (const auto& [from, to] : missing)
        miss(from, to);
    else if (failure_ = told; !told.ok())
      return false;
    std::move(torn.begin(), torn.end(), std::back_inserter(torn_));
    expected_ = number;
    return true;
  }

  void take() {
    const auto key = at_->key().ToStringView(), value = at_->value().ToStringView();
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
  std::string low_, high_;
  rocksdb::Slice lower_, upper_;
  rocksdb::ReadOptions options_;
  std::unique_ptr<rocksdb::Iterator> at_;
  sequence from_;
  sequence expected_;  // the first that is not accounted for
  sequence end_;
  read_limits limits_;
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
    low_ = log_key(0, *first);
    high_ = log_key(0, *last + 1);
    lower_ = low_;
    upper_ = high_;
    at_.reset(side.data.db().NewIterator(scan_options(lower_, upper_), side.data[family::log]));
  }

  base::result<std::optional<record>> find(sequence number) {
    if (!at_ || !reach(number)) return look_up(side_, number);
    const auto key = at_->key().ToStringView();
    return sequence_of(key) == number ? open_record(side_, key, at_->value().ToStringView()) : std::nullopt;
  }

 private:
  static constexpr std::size_t fewest = 4;
  static constexpr sequence farthest = 32;  // steps that cost less than a search

  /// To that record or what follows it. False: nothing can be said of it from here.
  bool reach(sequence number) {
    const auto here = at_->Valid() ? sequence_of(at_->key().ToStringView()) : 0;
    if (here == 0 || number < here || number - here > farthest)
      at_->Seek(log_key(0, number));
    else
      while (at_->Valid() && sequence_of(at_->key().ToStringView()) < number)
        at_->Next();
    return at_->Valid();
  }

  const read_side& side_;
  std::string low_, high_;
  rocksdb::Slice lower_, upper_;
  std::unique_ptr<rocksdb::Iterator> at_;
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
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  rocksdb::PinnableSlice value;
  const auto status = side.data.db().Get(options, side.data[family::log], key, &value);
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
                                                const std::vector<sequence>& numbers) {
  if (part != 0) return fail(errc::not_found, "no such partition");
  const auto destinations = side.told.destinations();
  std::vector<record> out;
  out.reserve(numbers.size());
  neighbour_reads log(side, numbers);
  for (const auto number : numbers) {
    auto found = log.find(number);
    for (auto id = destinations.begin(); found && !*found && id != destinations.end(); ++id)
      found = copied(side, *id, number);
    if (!found) return found.error();
    if (*found) out.push_back(std::move(**found));
  }
  return out;
}

}  // namespace cartrelay::queue::rocks
