#include "queue/expiry.hpp"

#include "base/counted.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::queue {

std::vector<std::string> words_of_expired(const std::vector<dead_letter_key>& keys,
                                          std::chrono::milliseconds retention,
                                          const std::function<std::string(destination_id)>& name_of) {
  std::vector<std::string> lines;
  for (auto first = keys.begin(); first != keys.end();) {
    const auto id = first->destination;
    const auto end =
        std::find_if(first, keys.end(), [id](const auto& each) { return each.destination != id; });
    const auto count = static_cast<std::size_t>(end - first);
    lines.push_back(fmt::format(
        "destination {}: {} discarded, older than dead_letter_retention ({}); the first was event {}",
        name_of(id), base::counted(count, "dead letter"), base::format_duration(retention), first->number));
    first = end;
  }
  return lines;
}

}  // namespace cartrelay::queue
