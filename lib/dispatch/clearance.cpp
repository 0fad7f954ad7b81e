#include "dispatch/clearance.hpp"

#include "dispatch/errc.hpp"
#include "dispatch/waiting_row.hpp"
#include "queue/calls.hpp"
#include "queue/match.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
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
  /// `stood` without whole rows: they are looked up a step's worth at a time.
  explicit remains(queue::unit_state stood) : stood_(std::move(stood)), settled_(stood_.more_exceptions) {
    settled_.insert(settled_.end(), stood_.ended_after.begin(), stood_.ended_after.end());
    std::sort(settled_.begin(), settled_.end());
  }

  [[nodiscard]] const queue::lease& held() const noexcept { return stood_.held; }
  [[nodiscard]] queue::sequence cursor() const noexcept { return stood_.cursor; }

  /// The next exceptions; none: there are no more.
  std::vector<queue::sequence> take_exceptions() {
    auto& all = stood_.more_exceptions;
    const auto from = all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), rows_per_step));
    std::vector<queue::sequence> taken(from, all.end());
    all.erase(from, all.end());
    return taken;
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

/// The step that gives up these exceptions, with what their rows say of earlier attempts.
base::task<base::result<queue::progress>> give_up(const surroundings& around, queue::destination_id which,
                                                  queue::sequence cursor,
                                                  std::vector<queue::sequence> exceptions) {
  queue::progress step;
  step.cursor = cursor;
  for (const auto number : exceptions) {
    auto found = co_await find_receipt(around.log, around.box, number);
    if (!found && found.error().code != queue::errc::not_found) co_return found.error();
    auto row = found ? take_waiting(*found, which) : std::nullopt;
    const auto now = around.time.now();
    step.ends.push_back(row ? given_up(std::move(*row), now) : given_up(number, now));
  }
  co_return step;
}

}  // namespace

base::task<base::result<std::size_t>> discard_backlog(const surroundings& around, queue::destination_id which,
                                                      std::function<bool()> broken_off) {
  auto stood = co_await acquire(around.log, around.box, which, 0);
  if (!stood) co_return stood.error();
  remains left(std::move(*stood));
  std::size_t count = 0;
  for (bool more = true; more;) {
    if (broken_off()) co_return fail(errc::stopping);
    queue::progress step;
    auto exceptions = left.take_exceptions();
    if (!exceptions.empty()) {
      auto made = co_await give_up(around, which, left.cursor(), std::move(exceptions));
      if (!made) co_return made.error();
      step = std::move(*made);
    } else {
      const queue::read_limits limits;
      const auto after = left.cursor();
      auto read = co_await queue::read(around.log, around.box, after, limits);
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
