#include "queue/rocksdb/routes.hpp"

#include "queue/rocksdb/keys.hpp"
#include "queue/rocksdb/patient_scan.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::size_t remembered_events = 65536;
constexpr std::size_t most_kinds = 4096;
constexpr sequence read_ahead = 1024;

/// The entry that holds `number` may begin before it, though never before its segment.
std::string start_of_run(const store& data, sequence number) {
  scan at(data, family::routes, log_key(0, segment_start(number)), log_key(0, number + 1));
  at.seek_last();
  return at.valid() ? std::string(at.key()) : at.low();
}

/// The runs of the entries from `low` to `high`, whole and in order.
template <class Visit>
rocksdb::Status visit_entries(const store& data, std::string low, std::string high, Visit visit) {
  bool complete = true;
  patient_scan at(data, family::routes, std::move(low), std::move(high));
  for (; at.valid(); at.next()) {
    const auto runs = decode_routes(at.key(), at.value());
    complete = complete && runs;
    if (!runs) continue;
    auto first = sequence_of(at.key());
    for (const auto& run : *runs) {
      visit(first, run);
      first += run.count;
    }
  }
  return complete || !at.whole() ? at.status() : rocksdb::Status::Corruption("an entry of the routes");
}

}  // namespace

rocksdb::Status for_each_run(const store& data, sequence from, sequence to,
                             const std::function<void(sequence, const route_run&)>& visit) {
  if (from >= to) return rocksdb::Status::OK();
  return visit_entries(data, start_of_run(data, from), log_key(0, to),
                       [&](sequence first, const route_run& run) {
                         const auto begin = std::max(first, from), end = std::min(first + run.count, to);
                         if (begin < end) visit(begin, {end - begin, run.to});
                       });
}

rocksdb::Status rest_of_entry(const store& data, sequence number, std::vector<route_run>& out) {
  return visit_entries(data, start_of_run(data, number), log_key(0, number),
                       [&](sequence first, const route_run& run) {
                         const auto end = first + run.count;
                         if (end > number) out.push_back({end - std::max(first, number), run.to});
                       });
}

routes::routes(const store& data) : data_(data), recent_(remembered_events) {}

void routes::note(sequence number, const std::vector<destination_id>& to) {
  remember(number, to);
  if (noted_.empty() || number % segment_size == 0) noted_.push_back({number, {}});
  auto& runs = noted_.back().runs;
  if (runs.empty() || runs.back().to != to)
    runs.push_back({1, to});
  else
    ++runs.back().count;
}

void routes::write_to(rocksdb::WriteBatch& batch) {
  for (const auto& noted : noted_) {
    const auto key = log_key(0, noted.first);
    batch.Put(data_[family::routes], key, encode_routes(key, noted.runs));
  }
  noted_.clear();
}

base::result<const std::vector<destination_id>*> routes::of(sequence number) {
  const auto& place = recent_[number % recent_.size()];
  if (place.number == number) return place.to;
  const auto loaded = load_around(number);
  if (place.number == number) return place.to;
  if (may_pass(loaded)) return translate(loaded);
  return nullptr;
}

void routes::forget() {
  std::fill(recent_.begin(), recent_.end(), slot());
  noted_.clear();
}

void routes::remember(sequence number, const std::vector<destination_id>& to) {
  if (kinds_.size() >= most_kinds && !kinds_.contains(to)) {
    std::fill(recent_.begin(), recent_.end(), slot());
    kinds_.clear();
  }
  recent_[number % recent_.size()] = {number, &*kinds_.insert(to).first};
}

rocksdb::Status routes::load_around(sequence number) {
  return for_each_run(data_, number, number + read_ahead, [this](sequence first, const route_run& run) {
    for (sequence i = 0; i < run.count; ++i)
      remember(first + i, run.to);
  });
}

}  // namespace cartrelay::queue::rocks
