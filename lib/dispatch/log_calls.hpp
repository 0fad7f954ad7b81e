#pragma once

#include "base/mailbox.hpp"
#include "base/task.hpp"
#include "queue/engine.hpp"

#include <optional>
#include <string>
#include <vector>

/// The queue's calls as awaitables of the delivery thread. The engine outlives them.
namespace cartrelay::dispatch {

/// The dispatcher follows one partition; start() refuses a queue with more.
inline constexpr queue::partition only_partition = 0;

template <class T>
using reply_task = base::task<base::result<T>>;

[[nodiscard]] reply_task<queue::destination_id> register_name(queue::engine& log, base::mailbox box,
                                                              std::string name);
[[nodiscard]] reply_task<queue::unit_state> acquire(queue::engine& log, base::mailbox box,
                                                    queue::destination_id destination, std::size_t most_rows);
[[nodiscard]] reply_task<void> commit(queue::engine& log, base::mailbox box, queue::lease held,
                                      queue::progress step);
[[nodiscard]] reply_task<queue::read_batch> read(queue::engine& log, base::mailbox box, queue::sequence after,
                                                 queue::read_limits limits);
[[nodiscard]] reply_task<std::vector<queue::record>> fetch(queue::engine& log, base::mailbox box,
                                                           std::vector<queue::sequence> numbers,
                                                           std::size_t max_bytes);
[[nodiscard]] reply_task<std::vector<std::optional<std::string>>> read_memory(
    queue::engine& log, base::mailbox box, queue::destination_id destination, std::vector<std::string> keys,
    base::timestamp now);
[[nodiscard]] reply_task<queue::receipt> find_receipt(queue::engine& log, base::mailbox box,
                                                      queue::sequence number);
/// Of a receipt the row of an event that waits at this destination, out of it; nothing if it has ended there.
/// One whose row says nothing any more starts over, with its age as it is.
[[nodiscard]] std::optional<queue::exception> take_waiting(queue::receipt& from, queue::destination_id at);
[[nodiscard]] reply_task<std::vector<queue::dead_letter_key>> find_dead_letters(
    queue::engine& log, base::mailbox box, queue::dead_letter_query which);
[[nodiscard]] reply_task<std::vector<queue::dead_letter_key>> requeue(queue::engine& log, base::mailbox box,
                                                                      queue::dead_letter_selection which,
                                                                      base::timestamp now);
[[nodiscard]] reply_task<std::vector<queue::dead_letter_key>> discard(queue::engine& log, base::mailbox box,
                                                                      queue::dead_letter_selection which,
                                                                      base::timestamp now);

[[nodiscard]] reply_task<queue::erasure_start> begin_erasure(queue::engine& log, base::mailbox box,
                                                             queue::customer_key who,
                                                             std::vector<queue::memory_entry> known);
[[nodiscard]] reply_task<std::vector<queue::erasure_id>> open_erasures(queue::engine& log, base::mailbox box);
[[nodiscard]] reply_task<std::vector<queue::record>> erasable(queue::engine& log, base::mailbox box,
                                                              queue::erasure_id which);
[[nodiscard]] reply_task<queue::erasure_counts> erase(queue::engine& log, base::mailbox box,
                                                      queue::erasure_id which,
                                                      std::vector<queue::sequence> numbers,
                                                      std::vector<queue::memory_entry> known,
                                                      base::timestamp now);
[[nodiscard]] reply_task<queue::cleaning> finish_erasure(queue::engine& log, base::mailbox box,
                                                         queue::erasure_id which);

}  // namespace cartrelay::dispatch
