// One fuzzer: what libFuzzer calls, for the target that the build names.
#include "tests/fuzz/targets.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cartrelay::fuzz::CARTRELAY_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
