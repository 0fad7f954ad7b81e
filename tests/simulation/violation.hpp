#pragma once

#include <fmt/format.h>

#include <stdexcept>

namespace cartrelay::simulation {

/// A promise that was broken: ends the run of a seed.
struct violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class... Args>
void require(bool kept, fmt::format_string<Args...> words, Args&&... args) {
  if (!kept) throw violation(fmt::format(words, std::forward<Args>(args)...));
}

}  // namespace cartrelay::simulation
