#include "dispatch/log_calls.hpp"

#include "base/completion.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::dispatch {

reply_task<queue::destination_id> register_name(queue::engine& log, base::mailbox box, std::string name) {
  auto ask = [&log, name = std::move(name)](queue::reply<queue::destination_id> then) mutable {
    log.register_destination(std::move(name), std::move(then));
  };
  co_return co_await base::await_completion<base::result<queue::destination_id>>(box, std::move(ask));
}

reply_task<queue::unit_state> acquire(queue::engine& log, base::mailbox box,
                                      queue::destination_id destination, std::size_t most_rows) {
  auto ask = [&log, destination, most_rows](queue::reply<queue::unit_state> then) mutable {
    log.acquire(destination, only_partition, most_rows, std::move(then));
  };
  co_return co_await base::await_completion<base::result<queue::unit_state>>(box, std::move(ask));
}

reply_task<void> commit(queue::engine& log, base::mailbox box, queue::lease held, queue::progress step) {
  auto ask = [&log, held, step = std::move(step)](queue::reply<void> then) mutable {
    log.commit(held, std::move(step), std::move(then));
  };
  co_return co_await base::await_completion<base::result<void>>(box, std::move(ask));
}

reply_task<queue::read_batch> read(queue::engine& log, base::mailbox box, queue::sequence after,
                                   queue::read_limits limits) {
  auto ask = [&log, after, limits](queue::reply<queue::read_batch> then) mutable {
    log.read(only_partition, after, limits, std::move(then));
  };
  co_return co_await base::await_completion<base::result<queue::read_batch>>(box, std::move(ask));
}

reply_task<std::vector<queue::record>> fetch(queue::engine& log, base::mailbox box,
                                             std::vector<queue::sequence> numbers, std::size_t max_bytes) {
  auto ask = [&log, numbers = std::move(numbers),
              max_bytes](queue::reply<std::vector<queue::record>> then) mutable {
    log.fetch(only_partition, std::move(numbers), max_bytes, std::move(then));
  };
  co_return co_await base::await_completion<base::result<std::vector<queue::record>>>(box, std::move(ask));
}

reply_task<std::vector<std::optional<std::string>>> read_memory(queue::engine& log, base::mailbox box,
                                                                queue::destination_id destination,
                                                                std::vector<std::string> keys,
                                                                base::timestamp now) {
  auto ask = [&log, destination, keys = std::move(keys),
              now](queue::reply<std::vector<std::optional<std::string>>> then) mutable {
    log.state(destination, std::move(keys), now, std::move(then));
  };
  co_return co_await base::await_completion<base::result<std::vector<std::optional<std::string>>>>(
      box, std::move(ask));
}

reply_task<queue::receipt> find_receipt(queue::engine& log, base::mailbox box, queue::sequence number) {
  auto ask = [&log, number](queue::reply<queue::receipt> then) mutable {
    log.find_receipt(only_partition, number, std::move(then));
  };
  co_return co_await base::await_completion<base::result<queue::receipt>>(box, std::move(ask));
}

std::optional<queue::exception> take_waiting(queue::receipt& from, queue::destination_id at) {
  const auto line = std::find_if(from.lines.begin(), from.lines.end(),
                                 [at](const queue::receipt_line& each) { return each.destination == at; });
  if (line == from.lines.end() || line->ended) return std::nullopt;
  if (line->waiting) return std::exchange(line->waiting, std::nullopt);
  base::log::warning("queue: the record of waiting event {} cannot be read, it starts over",
                     from.event.number);
  queue::exception row;
  row.number = from.event.number;
  row.age_from = from.event.received_at;
  return row;
}

reply_task<std::vector<queue::dead_letter_key>> find_dead_letters(queue::engine& log, base::mailbox box,
                                                                  queue::dead_letter_query which) {
  auto ask = [&log,
              which = std::move(which)](queue::reply<std::vector<queue::dead_letter_key>> then) mutable {
    log.find_dead_letters(std::move(which), std::move(then));
  };
  co_return co_await base::await_completion<base::result<std::vector<queue::dead_letter_key>>>(
      box, std::move(ask));
}

reply_task<std::vector<queue::dead_letter_key>> requeue(queue::engine& log, base::mailbox box,
                                                        queue::dead_letter_selection which,
                                                        base::timestamp now) {
  auto ask = [&log, which = std::move(which),
              now](queue::reply<std::vector<queue::dead_letter_key>> then) mutable {
    log.requeue(std::move(which), now, std::move(then));
  };
  co_return co_await base::await_completion<base::result<std::vector<queue::dead_letter_key>>>(
      box, std::move(ask));
}

reply_task<std::vector<queue::dead_letter_key>> discard(queue::engine& log, base::mailbox box,
                                                        queue::dead_letter_selection which,
                                                        base::timestamp now) {
  auto ask = [&log, which = std::move(which),
              now](queue::reply<std::vector<queue::dead_letter_key>> then) mutable {
    log.discard(std::move(which), now, std::move(then));
  };
  co_return co_await base::await_completion<base::result<std::vector<queue::dead_letter_key>>>(
      box, std::move(ask));
}

reply_task<queue::erasure_start> begin_erasure(queue::engine& log, base::mailbox box, queue::customer_key who,
                                               std::vector<queue::memory_entry> known) {
  auto ask = [&log, who = std::move(who),
              known = std::move(known)](queue::reply<queue::erasure_start> then) mutable {
    log.begin_erasure(std::move(who), std::move(known), std::move(then));
  };
  co_return co_await base::await_completion<base::result<queue::erasure_start>>(box, std::move(ask));
}

reply_task<std::vector<queue::erasure_id>> open_erasures(queue::engine& log, base::mailbox box) {
  auto ask = [&log](queue::reply<std::vector<queue::erasure_id>> then) {
    log.open_erasures(std::move(then));
  };
  co_return co_await base::await_completion<base::result<std::vector<queue::erasure_id>>>(box,
                                                                                          std::move(ask));
}

reply_task<std::vector<queue::record>> erasable(queue::engine& log, base::mailbox box,
                                                queue::erasure_id which) {
  auto ask = [&log, which](queue::reply<std::vector<queue::record>> then) {
    log.erasable(which, std::move(then));
  };
  co_return co_await base::await_completion<base::result<std::vector<queue::record>>>(box, std::move(ask));
}

reply_task<queue::erasure_counts> erase(queue::engine& log, base::mailbox box, queue::erasure_id which,
                                        std::vector<queue::sequence> numbers,
                                        std::vector<queue::memory_entry> known, base::timestamp now) {
  auto ask = [&log, which, numbers = std::move(numbers), known = std::move(known),
              now](queue::reply<queue::erasure_counts> then) mutable {
    log.erase(which, std::move(numbers), std::move(known), now, std::move(then));
  };
  co_return co_await base::await_completion<base::result<queue::erasure_counts>>(box, std::move(ask));
}

reply_task<queue::cleaning> finish_erasure(queue::engine& log, base::mailbox box, queue::erasure_id which) {
  auto ask = [&log, which](queue::reply<queue::cleaning> then) {
    log.finish_erasure(which, std::move(then));
  };
  co_return co_await base::await_completion<base::result<queue::cleaning>>(box, std::move(ask));
}

}  // namespace cartrelay::dispatch
