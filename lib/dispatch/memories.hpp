#pragma once

#include "base/error.hpp"
#include "base/mailbox.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "destinations/delivery.hpp"
#include "queue/engine.hpp"

#include <map>
#include <string>
#include <vector>

namespace cartrelay::dispatch {

/// What destinations remember, by their names.
using memories = std::map<std::string, destinations::memory>;

/// What a destination has at hand of its memory, and the keys that only the queue knows about.
struct half_known {
  queue::destination_id id = 0;
  std::string name;
  destinations::memory at_hand;
  std::vector<std::string> unknown;
};

/// With the queue's answers. The engine outlives it.
[[nodiscard]] base::task<base::result<memories>> complete(queue::engine& log, base::mailbox box,
                                                          std::vector<half_known> all, base::timestamp now);

}  // namespace cartrelay::dispatch
