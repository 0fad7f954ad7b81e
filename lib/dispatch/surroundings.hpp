#pragma once

#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "base/task.hpp"
#include "dispatch/log_reader.hpp"
#include "queue/engine.hpp"

namespace cartrelay::dispatch {

/// What all loops of a dispatcher use together; outlives them.
struct surroundings {
  base::executor where;
  base::mailbox box;
  queue::engine& log;
  const base::clock& time;
  log_reader& reader;
};

}  // namespace cartrelay::dispatch
