#pragma once

#include "queue/erasure.hpp"

namespace cartrelay::dispatch {

/// What became of forgetting a customer.
struct erasure_report {
  queue::erasure_counts erased;
  queue::cleaning files;
};

}  // namespace cartrelay::dispatch
