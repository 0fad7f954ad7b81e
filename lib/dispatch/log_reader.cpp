#include "dispatch/log_reader.hpp"

#include "dispatch/condition.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace cartrelay::dispatch {
namespace {

constexpr std::size_t cache_bytes = 16 << 20;
constexpr queue::read_limits stretch_limits{256, 1 << 20};
constexpr std::size_t kept_stretches = 4;

}  // namespace

struct log_reader::flight {
  explicit flight(base::executor where) : landed(where) {}

  condition landed;
  std::optional<base::result<stretch>> outcome;
};

log_reader::log_reader(base::executor where, queue::engine& log, base::mailbox box)
    : where_(where), log_(log), box_(std::move(box)), cache_(cache_bytes) {}

base::task<base::result<log_reader::stretch>> log_reader::read_after(queue::sequence after) {
  if (auto known = recent(after)) co_return *known;
  if (const auto found = flights_.find(after); found != flights_.end()) {
    const auto joined = found->second;
    while (!joined->outcome)
      co_await joined->landed.any();
    co_return *joined->outcome;
  }
  const auto mine = std::make_shared<flight>(where_);
  flights_.emplace(after, mine);
  const auto before = forgotten_;
  auto got = co_await read(log_, box_, after, stretch_limits);
  flights_.erase(after);
  if (got) {
    const bool at_end = got->at_end;
    auto what = std::make_shared<const queue::read_batch>(std::move(*got));
    if (before == forgotten_) remember(after, what);
    mine->outcome = stretch{std::move(what), at_end};
  } else {
    mine->outcome = got.error();
  }
  mine->landed.notify();
  co_return *mine->outcome;
}

void log_reader::remember(queue::sequence after, std::shared_ptr<const queue::read_batch> what) {
  if (what->records.empty()) return;
  recent_.emplace_back(after, std::move(what));
  if (recent_.size() > kept_stretches) recent_.pop_front();
}

std::optional<log_reader::stretch> log_reader::recent(queue::sequence after) const {
  // What was the end when it was read need not be it any more: whoever comes later looks again.
  for (const auto& [follows, known] : recent_)
    if (follows <= after && after < known->position) return stretch{known, false};
  return std::nullopt;
}

void log_reader::forget(const std::vector<queue::sequence>& numbers) {
  ++forgotten_;
  recent_.clear();
  for (const auto number : numbers)
    cache_.remove(number);
}

event::event_ptr log_reader::event_of(const queue::record& from) {
  if (auto known = cache_.find(from.number)) return known;
  auto decoded = event::decode(from.stored);
  if (!decoded) return nullptr;
  auto out = std::make_shared<const event::event>(std::move(*decoded));
  cache_.add(from.number, out);
  return out;
}

base::task<base::result<std::vector<event::event_ptr>>> log_reader::events(
    std::vector<queue::sequence> numbers) {
  std::vector<event::event_ptr> out(numbers.size());
  std::vector<queue::sequence> missing;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    out[i] = cache_.find(numbers[i]);
    if (!out[i]) missing.push_back(numbers[i]);
  }
  if (missing.empty()) co_return out;
  auto fetched = co_await fetch(log_, box_, std::move(missing));
  if (!fetched) co_return fetched.error();
  for (const auto& record : *fetched)
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (numbers[i] == record.number) out[i] = event_of(record);
  co_return out;
}

}  // namespace cartrelay::dispatch
