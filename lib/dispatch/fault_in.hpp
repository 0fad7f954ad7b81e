#pragma once

#include <exception>
#include <new>
#include <optional>
#include <string>

namespace cartrelay::dispatch {

/// What a kind throws at an event, in words; nothing if it does its part. A shortage of memory is no fault of
/// the event's and passes through: the process ends by it, and the event is there after the restart.
template <class Step>
[[nodiscard]] std::optional<std::string> fault_in(Step step) {
  try {
    step();
    return std::nullopt;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& thrown) {
    return thrown.what();
  }
}

}  // namespace cartrelay::dispatch
