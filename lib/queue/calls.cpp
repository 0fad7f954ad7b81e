#include "queue/calls.hpp"

#include "base/completion.hpp"

#include <utility>

namespace cartrelay::queue {
namespace {

/// What `ask` is answered, which hands the reply to the engine.
template <class T, class Ask>
reply_task<T> answer_to(base::mailbox box, Ask ask) {
  co_return co_await base::await_completion<base::result<T>>(box, std::move(ask));
}

}  // namespace

reply_task<std::vector<append_outcome>> append(engine& log, base::mailbox box,
                                               std::vector<new_event> events) {
  return answer_to<std::vector<append_outcome>>(
      std::move(box), [&log, events = std::move(events)](reply<std::vector<append_outcome>> then) mutable {
        log.append(std::move(events), std::move(then));
      });
}

reply_task<read_batch> read(engine& log, base::mailbox box, sequence after, read_limits limits) {
  return answer_to<read_batch>(std::move(box), [&log, after, limits](reply<read_batch> then) {
    log.read(only_partition, after, limits, std::move(then));
  });
}

reply_task<std::vector<record>> fetch(engine& log, base::mailbox box, std::vector<sequence> numbers,
                                      std::size_t max_bytes) {
  return answer_to<std::vector<record>>(std::move(box), [&log, numbers = std::move(numbers),
                                                         max_bytes](reply<std::vector<record>> then) mutable {
    log.fetch(only_partition, std::move(numbers), max_bytes, std::move(then));
  });
}

reply_task<destination_id> register_destination(engine& log, base::mailbox box, std::string name) {
  return answer_to<destination_id>(std::move(box),
                                   [&log, name = std::move(name)](reply<destination_id> then) mutable {
                                     log.register_destination(std::move(name), std::move(then));
                                   });
}

reply_task<unit_state> acquire(engine& log, base::mailbox box, destination_id destination,
                               std::size_t most_rows) {
  return answer_to<unit_state>(std::move(box), [&log, destination, most_rows](reply<unit_state> then) {
    log.acquire(destination, only_partition, most_rows, std::move(then));
  });
}

reply_task<void> commit(engine& log, base::mailbox box, lease held, progress step) {
  return answer_to<void>(std::move(box), [&log, held, step = std::move(step)](reply<void> then) mutable {
    log.commit(held, std::move(step), std::move(then));
  });
}

reply_task<std::vector<std::optional<std::string>>> read_memory(engine& log, base::mailbox box,
                                                                destination_id destination,
                                                                std::vector<std::string> keys,
                                                                base::timestamp now) {
  return answer_to<std::vector<std::optional<std::string>>>(
      std::move(box), [&log, destination, keys = std::move(keys),
                       now](reply<std::vector<std::optional<std::string>>> then) mutable {
        log.state(destination, std::move(keys), now, std::move(then));
      });
}

reply_task<receipt> find_receipt(engine& log, base::mailbox box, sequence number) {
  return answer_to<receipt>(std::move(box), [&log, number](reply<receipt> then) {
    log.find_receipt(only_partition, number, std::move(then));
  });
}

reply_task<receipt> find_receipt(engine& log, base::mailbox box, std::string source, std::string id) {
  return answer_to<receipt>(
      std::move(box), [&log, source = std::move(source), id = std::move(id)](reply<receipt> then) mutable {
        log.find_receipt(std::move(source), std::move(id), std::move(then));
      });
}

reply_task<receipt_page> search(engine& log, base::mailbox box, receipt_query query) {
  return answer_to<receipt_page>(std::move(box),
                                 [&log, query = std::move(query)](reply<receipt_page> then) mutable {
                                   log.search(std::move(query), std::move(then));
                                 });
}

reply_task<dead_letter_page> read_dead_letters(engine& log, base::mailbox box, dead_letter_query query) {
  return answer_to<dead_letter_page>(std::move(box),
                                     [&log, query = std::move(query)](reply<dead_letter_page> then) mutable {
                                       log.dead_letters(std::move(query), std::move(then));
                                     });
}

reply_task<std::vector<dead_letter_key>> find_dead_letters(engine& log, base::mailbox box,
                                                           dead_letter_query which) {
  return answer_to<std::vector<dead_letter_key>>(
      std::move(box), [&log, which = std::move(which)](reply<std::vector<dead_letter_key>> then) mutable {
        log.find_dead_letters(std::move(which), std::move(then));
      });
}

reply_task<std::vector<dead_letter_key>> requeue(engine& log, base::mailbox box, dead_letter_selection which,
                                                 base::timestamp now) {
  return answer_to<std::vector<dead_letter_key>>(
      std::move(box),
      [&log, which = std::move(which), now](reply<std::vector<dead_letter_key>> then) mutable {
        log.requeue(std::move(which), now, std::move(then));
      });
}

reply_task<std::vector<dead_letter_key>> discard(engine& log, base::mailbox box, dead_letter_selection which,
                                                 base::timestamp now) {
  return answer_to<std::vector<dead_letter_key>>(
      std::move(box),
      [&log, which = std::move(which), now](reply<std::vector<dead_letter_key>> then) mutable {
        log.discard(std::move(which), now, std::move(then));
      });
}

reply_task<erasure_start> begin_erasure(engine& log, base::mailbox box, customer_key who,
                                        std::vector<memory_entry> known) {
  return answer_to<erasure_start>(std::move(box), [&log, who = std::move(who), known = std::move(known)](
                                                      reply<erasure_start> then) mutable {
    log.begin_erasure(std::move(who), std::move(known), std::move(then));
  });
}

reply_task<std::vector<erasure_id>> open_erasures(engine& log, base::mailbox box) {
  return answer_to<std::vector<erasure_id>>(
      std::move(box), [&log](reply<std::vector<erasure_id>> then) { log.open_erasures(std::move(then)); });
}

reply_task<std::vector<record>> erasable(engine& log, base::mailbox box, erasure_id which) {
  return answer_to<std::vector<record>>(std::move(box), [&log, which](reply<std::vector<record>> then) {
    log.erasable(which, std::move(then));
  });
}

reply_task<erasure_counts> erase(engine& log, base::mailbox box, erasure_id which,
                                 std::vector<sequence> numbers, std::vector<memory_entry> known,
                                 base::timestamp now) {
  return answer_to<erasure_counts>(
      std::move(box), [&log, which, numbers = std::move(numbers), known = std::move(known),
                       now](reply<erasure_counts> then) mutable {
        log.erase(which, std::move(numbers), std::move(known), now, std::move(then));
      });
}

reply_task<cleaning> finish_erasure(engine& log, base::mailbox box, erasure_id which) {
  return answer_to<cleaning>(
      std::move(box), [&log, which](reply<cleaning> then) { log.finish_erasure(which, std::move(then)); });
}

reply_task<std::uint64_t> trim(engine& log, base::mailbox box, base::timestamp now) {
  return answer_to<std::uint64_t>(std::move(box),
                                  [&log, now](reply<std::uint64_t> then) { log.trim(now, std::move(then)); });
}

}  // namespace cartrelay::queue
