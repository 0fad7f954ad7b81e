#pragma once

#include "destinations/options.hpp"
#include "destinations/verdict.hpp"

namespace cartrelay::dispatch {

/// What becomes of an event when an attempt at it is over: the lane decides it, the log tells it.
enum class consequence {
  delivered,
  dead_letter,
  smaller_batch,  ///< refused together with others, so not for certain for its own sake
  again,
  untried,     ///< the attempt says nothing of the event, which waits as before
  superseded,  ///< it would wait, but a newer snapshot of its cart has come
  erased       ///< it would wait, but is to be forgotten
};

/// What a judgement means by itself. `alone`: nobody else's fault can be what it was refused for. Pure.
[[nodiscard]] consequence consequence_of(const destinations::judgement& judged,
                                         const destinations::options& given, bool abandoned, bool alone);

}  // namespace cartrelay::dispatch
