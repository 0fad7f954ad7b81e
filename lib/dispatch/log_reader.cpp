#include "dispatch/log_reader.hpp"

#include "dispatch/condition.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace cartrelay::dispatch {
namespace {

constexpr std::size_t cache_bytes = 14 << 20;
constexpr queue::read_limits stretch_limits{256, 1 << 20};
constexpr std::size_t kept_stretches = 4;

event::event_ptr decoded(const queue::record& from) {
  auto out = event::decode(from.stored);
  if (!out) return nullptr;
  return std::make_shared<const event::event>(std::move(*out));
}

/// What an answer to these numbers says nothing about begins there.
auto behind(const std::vector<queue::sequence>& asked, const std::vector<queue::record>& answer) {
  return answer.empty() ? asked.end()
                        : std::next(std::find(asked.begin(), asked.end(), answer.back().number));
}

}  // namespace

struct log_reader::flight {
  flight(base::executor where, std::uint64_t began) : landed(where), appended(began) {}

  condition landed;
  const std::uint64_t appended;  // when it began
  std::optional<base::result<stretch>> outcome;
};

struct log_reader::trip {
  explicit trip(base::executor where) : landed(where) {}

  condition landed;
  std::map<queue::sequence, event::event_ptr> found;
  bool over = false;
};

log_reader::log_reader(base::executor where, queue::engine& log, base::mailbox box)
    : where_(where), log_(log), box_(std::move(box)), cache_(cache_bytes) {}

base::task<base::result<log_reader::stretch>> log_reader::read_after(queue::sequence after) {
  if (auto known = recent(after)) co_return *known;
  if (const auto found = flights_.find(after); found != flights_.end()) {
    const auto joined = found->second;
    const bool knows_all = joined->appended == appended_;
    while (!joined->outcome)
      co_await joined->landed.any();
    auto outcome = *joined->outcome;
    if (outcome && !knows_all) outcome->at_end = false;
    co_return outcome;
  }
  const auto mine = std::make_shared<flight>(where_, appended_);
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

void log_reader::grow_old() {
  cache_.grow_old();
  recent_.clear();
}

void log_reader::forget(const std::vector<queue::sequence>& numbers) {
  ++forgotten_;
  recent_.clear();
  for (const auto number : numbers)
    cache_.remove(number);
}

event::event_ptr log_reader::event_of(const queue::record& from) {
  if (auto known = cache_.find(from.number)) return known;
  auto out = decoded(from);
  if (out) cache_.add(from.number, out);
  return out;
}

base::task<base::result<std::vector<event::event_ptr>>> log_reader::events(
    std::vector<queue::sequence> numbers, std::vector<queue::sequence> soon) {
  std::vector<event::event_ptr> out(numbers.size());
  std::vector<queue::sequence> missing;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (const auto found = trips_.find(numbers[i]); found != trips_.end()) {
      const auto joined = found->second;
      while (!joined->over)
        co_await joined->landed.any();
      out[i] = joined->found[numbers[i]];
    }
    if (!out[i]) out[i] = cache_.find(numbers[i]);
    if (!out[i]) missing.push_back(numbers[i]);
  }
  if (missing.empty()) co_return out;
  const auto needed = missing.size();
  for (const auto number : soon)
    if (!trips_.contains(number) && !cache_.find(number)) missing.push_back(number);
  const auto mine = std::make_shared<trip>(where_);
  const auto failed = co_await bring(std::move(missing), needed, mine);
  if (failed) co_return *failed;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (!out[i]) out[i] = mine->found[numbers[i]];
  co_return out;
}

/// In as many calls as the first `needed` of the numbers take.
base::task<std::optional<base::error>> log_reader::bring(std::vector<queue::sequence> numbers,
                                                         std::size_t needed, std::shared_ptr<trip> mine) {
  for (const auto number : numbers)
    trips_.try_emplace(number, mine);
  const auto before = forgotten_;
  std::optional<base::error> failed;
  auto left = numbers;
  while (left.size() > numbers.size() - needed) {
    const auto fetched = co_await fetch(log_, box_, left, stretch_limits.max_bytes);
    if (!fetched) {
      failed = fetched.error();
      break;
    }
    left.erase(left.begin(), behind(left, *fetched));
    for (const auto& record : *fetched) {
      auto what = decoded(record);
      if (what && before == forgotten_) cache_.add(record.number, what);
      mine->found.emplace(record.number, std::move(what));
    }
  }
  for (const auto number : numbers)
    if (const auto found = trips_.find(number); found != trips_.end() && found->second == mine)
      trips_.erase(found);
  mine->over = true;
  mine->landed.notify();
  co_return failed;
}

}  // namespace cartrelay::dispatch
