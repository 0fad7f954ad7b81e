#pragma once

#include "base/mailbox.hpp"
#include "base/task.hpp"
#include "queue/engine.hpp"

#include <optional>
#include <string>
#include <vector>

/// The engine's calls as awaitables: each asks when it is awaited, and its answer comes on the thread of
/// `box`. The engine outlives them.
namespace cartrelay::queue {

/// Who asks by these follows one partition; the dispatcher refuses a queue with more.
inline constexpr partition only_partition = 0;

template <class T>
using reply_task = base::task<base::result<T>>;

[[nodiscard]] reply_task<std::vector<append_outcome>> append(engine& log, base::mailbox box,
                                                             std::vector<new_event> events);
[[nodiscard]] reply_task<read_batch> read(engine& log, base::mailbox box, sequence after, read_limits limits);
[[nodiscard]] reply_task<std::vector<record>> fetch(engine& log, base::mailbox box,
                                                    std::vector<sequence> numbers, std::size_t max_bytes);

[[nodiscard]] reply_task<destination_id> register_destination(engine& log, base::mailbox box,
                                                              std::string name);
[[nodiscard]] reply_task<unit_state> acquire(engine& log, base::mailbox box, destination_id destination,
                                             std::size_t most_rows);
[[nodiscard]] reply_task<void> commit(engine& log, base::mailbox box, lease held, progress step);
[[nodiscard]] reply_task<std::vector<std::optional<std::string>>> read_memory(engine& log, base::mailbox box,
                                                                              destination_id destination,
                                                                              std::vector<std::string> keys,
                                                                              base::timestamp now);

[[nodiscard]] reply_task<receipt> find_receipt(engine& log, base::mailbox box, sequence number);
[[nodiscard]] reply_task<receipt> find_receipt(engine& log, base::mailbox box, std::string source,
                                               std::string id);
[[nodiscard]] reply_task<receipt_page> search(engine& log, base::mailbox box, receipt_query query);
[[nodiscard]] reply_task<dead_letter_page> read_dead_letters(engine& log, base::mailbox box,
                                                             dead_letter_query query);
[[nodiscard]] reply_task<std::vector<dead_letter_key>> find_dead_letters(engine& log, base::mailbox box,
                                                                         dead_letter_query which);
[[nodiscard]] reply_task<std::vector<dead_letter_key>> requeue(engine& log, base::mailbox box,
                                                               dead_letter_selection which,
                                                               base::timestamp now);
[[nodiscard]] reply_task<std::vector<dead_letter_key>> discard(engine& log, base::mailbox box,
                                                               dead_letter_selection which,
                                                               base::timestamp now);

[[nodiscard]] reply_task<erasure_start> begin_erasure(engine& log, base::mailbox box, customer_key who,
                                                      std::vector<memory_entry> known);
[[nodiscard]] reply_task<std::vector<erasure_id>> open_erasures(engine& log, base::mailbox box);
[[nodiscard]] reply_task<std::vector<record>> erasable(engine& log, base::mailbox box, erasure_id which);
[[nodiscard]] reply_task<erasure_counts> erase(engine& log, base::mailbox box, erasure_id which,
                                               std::vector<sequence> numbers, std::vector<memory_entry> known,
                                               base::timestamp now);
[[nodiscard]] reply_task<cleaning> finish_erasure(engine& log, base::mailbox box, erasure_id which);

[[nodiscard]] reply_task<std::uint64_t> trim(engine& log, base::mailbox box, base::timestamp now);

}  // namespace cartrelay::queue
