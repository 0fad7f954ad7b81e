#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

namespace cartrelay::fuzz {

// A fuzzer that watches comparisons gets there, one that only guesses does not.
void planted(std::string_view bytes) {
  require(!bytes.starts_with("planted"), "nobody guesses the planted word");
}

}  // namespace cartrelay::fuzz
