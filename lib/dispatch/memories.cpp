#include "dispatch/memories.hpp"

#include "queue/calls.hpp"

#include <utility>

namespace cartrelay::dispatch {

base::task<base::result<memories>> complete(queue::engine& log, base::mailbox box,
                                            std::vector<half_known> all, base::timestamp now) {
  memories out;
  for (auto& [id, name, known, unknown] : all) {
    if (!unknown.empty()) {
      const auto found = co_await read_memory(log, box, id, unknown, now);
      if (!found) co_return found.error();
      for (std::size_t i = 0; i < unknown.size(); ++i)
        if (const auto& value = (*found)[i]) known[unknown[i]] = *value;
    }
    out.emplace(std::move(name), std::move(known));
  }
  co_return out;
}

}  // namespace cartrelay::dispatch
