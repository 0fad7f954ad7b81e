#include "dispatch/replay.hpp"

#include "queue/calls.hpp"

#include <utility>

namespace cartrelay::dispatch {

base::task<replay_outcome> replay_dead_letters(const surroundings& around,
                                               queue::dead_letter_selection which) {
  replay_outcome out;
  if (which.keys.empty()) {
    auto found = co_await find_dead_letters(around.log, around.box, std::move(which.matching));
    if (!found) out.count = found.error();
    if (!found || found->empty()) co_return out;
    which.keys = std::move(*found);
  }
  auto touched = which.keys;
  auto done = co_await requeue(around.log, around.box, std::move(which), around.time.now());
  if (done) {
    out.count = done->size();
    touched = std::move(*done);
  } else {
    out.count = done.error();
  }
  for (const auto& key : touched)
    out.work[key.destination].push_back(key.number);
  co_return out;
}

}  // namespace cartrelay::dispatch
