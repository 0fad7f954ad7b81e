#include "tests/fuzz/zipped.hpp"

#include "tests/fuzz/promise.hpp"

#include <zlib.h>

#include <algorithm>

namespace cartrelay::fuzz {
namespace {

std::string member(std::string_view plain, int level) {
  z_stream state{};
  constexpr int gzip = 16 + MAX_WBITS;
  require(deflateInit2(&state, level, Z_DEFLATED, gzip, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib works");
  std::string out(deflateBound(&state, static_cast<uLong>(plain.size())) + 32, '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));  // zlib only reads it
  state.avail_in = static_cast<uInt>(plain.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  require(deflate(&state, Z_FINISH) == Z_STREAM_END, "zlib works");
  out.resize(out.size() - state.avail_out);
  deflateEnd(&state);
  return out;
}

}  // namespace

std::string zipped(std::string_view plain, unsigned how) {
  const auto level = static_cast<int>((how >> 4) % 10);
  const std::size_t longest = (how & 1) != 0 ? 100 : plain.size() + 1;
  std::string out = plain.empty() ? member(plain, level) : std::string();
  for (; !plain.empty(); plain.remove_prefix(std::min(longest, plain.size())))
    out += member(plain.substr(0, longest), level);
  return out;
}

}  // namespace cartrelay::fuzz
