#include "http/gzip.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace cartrelay::http {
namespace {

constexpr int gzip_only = 16 + MAX_WBITS;  // inflateInit2: a gzip wrapper and nothing else

class stream {
 public:
  explicit stream(std::string_view input) {
    if (inflateInit2(&state_, gzip_only) != Z_OK) throw std::bad_alloc();
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));  // zlib only reads it
    state_.avail_in = static_cast<uInt>(input.size());
  }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() { inflateEnd(&state_); }

  int inflate_into(char* out, std::size_t room, std::size_t& made) {
    state_.next_out = reinterpret_cast<Bytef*>(out);
    state_.avail_out = static_cast<uInt>(room);
    const int code = ::inflate(&state_, Z_NO_FLUSH);
    made = room - state_.avail_out;
    return code;
  }
  bool is_at_end() const { return state_.avail_in == 0; }
  bool next_member() { return inflateReset(&state_) == Z_OK; }

 private:
  z_stream state_{};
};

}  // namespace

inflate_end inflate_gzip(std::string_view compressed, std::size_t limit, std::string& out) {
  out.clear();
  stream input(compressed);
  std::array<char, 16384> piece;
  while (true) {
    std::size_t made = 0;
    const int code = input.inflate_into(piece.data(), piece.size(), made);
    if (code != Z_OK && code != Z_STREAM_END) return inflate_end::malformed;  // Z_BUF_ERROR: cut short
    if (made > limit - out.size()) return inflate_end::too_large;
    out.append(piece.data(), made);
    if (code == Z_STREAM_END) {
      if (input.is_at_end()) return inflate_end::ok;
      if (!input.next_member()) return inflate_end::malformed;
    } else if (made == 0 && input.is_at_end()) {
      return inflate_end::malformed;
    }
  }
}

}  // namespace cartrelay::http
