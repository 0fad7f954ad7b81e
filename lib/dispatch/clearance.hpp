#pragma once

#include "base/task.hpp"
#include "dispatch/surroundings.hpp"

#include <cstddef>
#include <functional>

namespace cartrelay::dispatch {

/// Gives up everything that a destination without a loop has not finished: its exceptions, then what stands
/// after its cursor, page by page. Each page is one durable step, so the ledger balances throughout, and
/// after a crash the same command goes on with what is left. Answers how many events ended as discarded;
/// errc::stale_lease if the destination came back in the meantime. On the delivery thread.
[[nodiscard]] base::task<base::result<std::size_t>> discard_backlog(const surroundings& around,
                                                                    queue::destination_id which,
                                                                    std::function<bool()> broken_off);

}  // namespace cartrelay::dispatch
