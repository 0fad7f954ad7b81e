#pragma once

#include "queue/inspect.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace cartrelay::queue {

/// What the log says of dead letters that were discarded for their age: a line for each destination. `keys`
/// ascend.
[[nodiscard]] std::vector<std::string> words_of_expired(
    const std::vector<dead_letter_key>& keys, std::chrono::milliseconds retention,
    const std::function<std::string(destination_id)>& name_of);

}  // namespace cartrelay::queue
