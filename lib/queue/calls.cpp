#include "queue/calls.hpp"

#include "base/completion.hpp"

#include <utility>

namespace cartrelay::queue {
namespace {

using find_by_number = void (engine::*)(partition, sequence, reply<receipt>);
using find_by_name = void (engine::*)(std::string, std::string, reply<receipt>);

/// Asks `log` by one of its calls, whose reply comes behind these arguments.
template <class T, class Call, class... Arguments>
reply_task<T> ask(engine& log, base::mailbox box, Call call, Arguments... arguments) {
  auto start = [&log, call, ... arguments = std::move(arguments)](reply<T> then) mutable {
    (log.*call)(std::move(arguments)..., std::move(then));
  };
  co_return co_await base::await_completion<base::result<T>>(box, std::move(start));
}

}  // namespace

reply_task<std::vector<append_outcome>> append(engine& log, base::mailbox box,
                                               std::vector<new_event> events) {
  return ask<std::vector<append_outcome>>(log, std::move(box), &engine::append, std::move(events));
}

reply_task<read_batch> read(engine& log, base::mailbox box, sequence after, read_limits limits) {
  return ask<read_batch>(log, std::move(box), &engine::read, only_partition, after, limits);
}

reply_task<std::vector<record>> fetch(engine& log, base::mailbox box, std::vector<sequence> numbers,
                                      std::size_t max_bytes) {
  return ask<std::vector<record>>(log, std::move(box), &engine::fetch, only_partition, std::move(numbers),
                                  max_bytes);
}

reply_task<destination_id> register_destination(engine& log, base::mailbox box, std::string name) {
  return ask<destination_id>(log, std::move(box), &engine::register_destination, std::move(name));
}

reply_task<unit_state> acquire(engine& log, base::mailbox box, destination_id destination,
                               std::size_t most_rows) {
  return ask<unit_state>(log, std::move(box), &engine::acquire, destination, only_partition, most_rows);
}

reply_task<void> commit(engine& log, base::mailbox box, lease held, progress step) {
  return ask<void>(log, std::move(box), &engine::commit, held, std::move(step));
}

reply_task<std::vector<std::optional<std::string>>> read_memory(engine& log, base::mailbox box,
                                                                destination_id destination,
                                                                std::vector<std::string> keys,
                                                                base::timestamp now) {
  return ask<std::vector<std::optional<std::string>>>(log, std::move(box), &engine::state, destination,
                                                      std::move(keys), now);
}

reply_task<receipt> find_receipt(engine& log, base::mailbox box, sequence number) {
  return ask<receipt>(log, std::move(box), static_cast<find_by_number>(&engine::find_receipt), only_partition,
                      number);
}

reply_task<receipt> find_receipt(engine& log, base::mailbox box, std::string source, std::string id) {
  return ask<receipt>(log, std::move(box), static_cast<find_by_name>(&engine::find_receipt),
                      std::move(source), std::move(id));
}

reply_task<receipt_page> search(engine& log, base::mailbox box, receipt_query query) {
  return ask<receipt_page>(log, std::move(box), &engine::search, std::move(query));
}

reply_task<dead_letter_page> read_dead_letters(engine& log, base::mailbox box, dead_letter_query query) {
  return ask<dead_letter_page>(log, std::move(box), &engine::dead_letters, std::move(query));
}

reply_task<std::vector<dead_letter_key>> find_dead_letters(engine& log, base::mailbox box,
                                                           dead_letter_query which) {
  return ask<std::vector<dead_letter_key>>(log, std::move(box), &engine::find_dead_letters, std::move(which));
}

reply_task<std::vector<dead_letter_key>> requeue(engine& log, base::mailbox box, dead_letter_selection which,
                                                 base::timestamp now) {
  return ask<std::vector<dead_letter_key>>(log, std::move(box), &engine::requeue, std::move(which), now);
}

reply_task<std::vector<dead_letter_key>> discard(engine& log, base::mailbox box, dead_letter_selection which,
                                                 base::timestamp now) {
  return ask<std::vector<dead_letter_key>>(log, std::move(box), &engine::discard, std::move(which), now);
}

reply_task<erasure_start> begin_erasure(engine& log, base::mailbox box, customer_key who,
                                        std::vector<memory_entry> known) {
  return ask<erasure_start>(log, std::move(box), &engine::begin_erasure, std::move(who), std::move(known));
}

reply_task<std::vector<erasure_id>> open_erasures(engine& log, base::mailbox box) {
  return ask<std::vector<erasure_id>>(log, std::move(box), &engine::open_erasures);
}

reply_task<std::vector<record>> erasable(engine& log, base::mailbox box, erasure_id which) {
  return ask<std::vector<record>>(log, std::move(box), &engine::erasable, which);
}

reply_task<erasure_counts> erase(engine& log, base::mailbox box, erasure_id which,
                                 std::vector<sequence> numbers, std::vector<memory_entry> known,
                                 base::timestamp now) {
  return ask<erasure_counts>(log, std::move(box), &engine::erase, which, std::move(numbers), std::move(known),
                             now);
}

reply_task<cleaning> finish_erasure(engine& log, base::mailbox box, erasure_id which) {
  return ask<cleaning>(log, std::move(box), &engine::finish_erasure, which);
}

reply_task<std::uint64_t> trim(engine& log, base::mailbox box, base::timestamp now) {
  return ask<std::uint64_t>(log, std::move(box), &engine::trim, now);
}

}  // namespace cartrelay::queue
