#pragma once

#include "destinations/options.hpp"
#include "destinations/verdict.hpp"

namespace cartrelay::dispatch {

/// What a judgement means for its event: the lane acts on it, the log tells it.
enum class consequence {
  delivered,
  dead_letter,
  smaller_batch,  ///< refused together with others, so not for certain for its own sake
  again,
  untried  ///< the attempt says nothing of the event, which waits as before
};

/// `alone`: nobody else's fault can be what it was refused for. Pure.
[[nodiscard]] consequence consequence_of(const destinations::judgement& judged,
                                         const destinations::options& given, bool abandoned, bool alone);

}  // namespace cartrelay::dispatch
