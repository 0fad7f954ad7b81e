#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cartrelay::http {

struct head_limits {
  std::size_t max_size = 8 << 10;  ///< request line, fields and the empty line, in bytes
  std::size_t max_fields = 100;
};

/// What a checked head says about the bytes that follow it, and about the connection.
struct head_facts {
  enum class body { none, sized, chunked };
  enum class coding { identity, gzip, unknown };

  std::size_t size = 0;  ///< bytes of the head, with its empty line
  body framing = body::none;
  std::uint64_t length = 0;  ///< of a sized body
  coding content = coding::identity;
  bool version_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool is_head = false;
};

struct head_verdict {
  enum class state { incomplete, complete, refused };

  state what = state::incomplete;
  head_facts facts;         ///< if complete
  int status = 0;           ///< if refused: what to answer before closing
  std::string_view detail;  ///< if refused: one sentence
  bool foreign = false;     ///< if refused: this is no HTTP/1 at all (a TLS hello, HTTP/2, a port scan)
};

/// Looks at what has been received of a request's head, before anything in it is believed. The library's own
/// parser accepts several requests that two servers may read differently (both length fields, unknown or
/// repeated transfer codings, folded lines, several hosts…), which is how requests are smuggled; whatever is
/// ambiguous under RFC 9112 is refused here and never parsed. Garbage is refused at its first byte or line
/// and not only when the head is complete.
///
/// `received` begins with the request line; bytes after the head are not looked at. `seen` is how much of it
/// an earlier call found incomplete (0 at first): lines before it are not searched again.
[[nodiscard]] head_verdict check_head(std::string_view received, const head_limits& limits,
                                      std::size_t seen = 0) noexcept;

}  // namespace cartrelay::http
