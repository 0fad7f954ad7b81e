#include "dispatch/consequence.hpp"

namespace cartrelay::dispatch {

using destinations::verdict;

consequence consequence_of(const destinations::judgement& judged, const destinations::options& given,
                           bool abandoned, bool alone) {
  switch (judged.what) {
    case verdict::delivered:
      return consequence::delivered;
    case verdict::reject:
      return judged.divisible && !alone ? consequence::smaller_batch : consequence::dead_letter;
    case verdict::in_doubt:
      if (given.on_in_doubt != destinations::on_in_doubt::retry) return consequence::dead_letter;
      break;
    case verdict::retry:
    case verdict::unauthorized:
      break;
  }
  return abandoned ? consequence::untried : consequence::again;
}

}  // namespace cartrelay::dispatch
