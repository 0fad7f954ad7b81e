#include "destinations/verdict.hpp"

namespace cartrelay::destinations {

std::string_view to_string(verdict value) noexcept {
  switch (value) {
    case verdict::delivered:
      return "delivered";
    case verdict::retry:
      return "retry";
    case verdict::reject:
      return "reject";
    case verdict::unauthorized:
      return "unauthorized";
    case verdict::in_doubt:
      return "in_doubt";
    case verdict::skipped:
      return "skipped";
  }
  return "unknown";
}

}  // namespace cartrelay::destinations
