#include "dispatch/clearance.hpp"

#include "dispatch/errc.hpp"
#include "dispatch/log_calls.hpp"
#include "queue/match.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cartrelay::dispatch {
namespace {

constexpr std::size_t rows_per_step = 512;

queue::end given_up(queue::sequence number, base::timestamp now) {
  queue::end out;
  out.number = number;
  out.state = queue::end_state::discarded;
  out.reason = "discarded";
  out.detail = "by command, after the destination was removed from the configuration";
  out.at = now;
  return out;
}

queue::end given_up(queue::exception row, base::timestamp now) {
  auto out = given_up(row.number, now);
  out.tries = std::move(row.tries);
  out.results = std::move(row.results);
  return out;
}

/// What of a destination's backlog is still to be given up, and the steps that do it.
class remains {
 public:
  explicit remains(queue::unit_state stood) : stood_(std::move(stood)) {
    for (const auto& row : stood_.exceptions)
      settled_.push_back(row.number);
    settled_.insert(settled_.end(), stood_.ended_after.begin(), stood_.ended_after.end());
    std::sort(settled_.begin(), settled_.end());
  }

  [[nodiscard]] const queue::lease& held() const noexcept { return stood_.held; }
  [[nodiscard]] queue::sequence cursor() const noexcept { return stood_.cursor; }
  [[nodiscard]] bool has_rows() const noexcept { return !stood_.exceptions.empty(); }

  queue::progress rows(base::timestamp now) {
    auto& all = stood_.exceptions;
    const auto from = all.size() - std::min(all.size(), rows_per_step);
    queue::progress step;
    step.cursor = stood_.cursor;
    for (auto at = from; at < all.size(); ++at)
      step.ends.push_back(given_up(std::move(all[at]), now));
    all.resize(from);
    return step;
  }

  queue::progress page(const queue::read_batch& read, base::timestamp now) {
    queue::progress step;
    step.cursor = stood_.cursor = std::max(stood_.cursor, read.position);
    for (const auto& one : read.records)
      if (queue::goes_to(one, stood_.held.destination) &&
          !std::binary_search(settled_.begin(), settled_.end(), one.number))
        step.ends.push_back(given_up(one.number, now));
    return step;
  }

 private:
  queue::unit_state stood_;
  std::vector<queue::sequence> settled_;  // not to be ended again where the log shows them
};

}  // namespace

base::task<base::result<std::size_t>> discard_backlog(const surroundings& around, queue::destination_id which,
                                                      std::function<bool()> broken_off) {
  auto stood = co_await acquire(around.log, around.box, which);
  if (!stood) co_return stood.error();
  remains left(std::move(*stood));
  std::size_t count = 0;
  for (bool more = true; more;) {
    if (broken_off()) co_return fail(errc::stopping);
    queue::progress step;
    if (left.has_rows()) {
      step = left.rows(around.time.now());
    } else {
      const queue::read_limits limits;
      const auto after = left.cursor();
      auto read = co_await dispatch::read(around.log, around.box, after, limits);
      if (!read) co_return read.error();
      step = left.page(*read, around.time.now());
      more = !read->at_end;
    }
    const auto ended = step.ends.size();
    auto stored = co_await commit(around.log, around.box, left.held(), std::move(step));
    if (!stored) co_return stored.error();
    count += ended;
  }
  co_return count;
}

}  // namespace cartrelay::dispatch
