#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cartrelay::http {

/// The chunked transfer coding of a request (RFC 9112, 7.1), strictly: CR LF everywhere, sizes of at most 8
/// hexadecimal digits, extensions ignored and their total size capped, trailers read and dropped, and a
/// trailer that speaks of framing refused. No sockets: bytes in, data out.
class chunk_decoder {
 public:
  enum class state { more, done, malformed, too_large };

  /// At most `max_body` bytes of data are appended.
  explicit chunk_decoder(std::size_t max_body) : max_body_(max_body) {}

  /// Takes bytes from the front of `input` and appends data to `body`. After `done` the rest of `input` is
  /// the next request's; after `malformed` or `too_large` nothing may be read any more.
  state feed(std::string_view& input, std::string& body);

 private:
  enum class place { size, extension, size_end, data, data_end, data_end_feed, trailer, trailer_feed };

  state step(std::string_view& input, std::string& body);
  state on_size(char c, std::size_t body_size);
  state on_size_line_end();
  state on_trailer(char c);
  state on_trailer_line();

  std::size_t max_body_;
  place where_ = place::size;
  std::uint64_t size_ = 0;
  std::size_t digits_ = 0;
  std::size_t overhead_ = 0;  // bytes of extensions and trailers so far
  std::string line_;          // of a trailer
};

}  // namespace cartrelay::http
