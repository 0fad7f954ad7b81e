#pragma once

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace cartrelay::http {

/// Many sends on many sockets in one system call, by io_uring; where the kernel has or allows none of it, a
/// call each. Thread rules: one thread.
class send_ring {
 public:
  struct piece {
    int descriptor;
    std::string_view bytes;
    std::size_t sent = 0;
    boost::system::error_code failure{};  ///< `would_block` if less than all was sent for want of room
  };

  /// `false`: as where the kernel has no io_uring.
  explicit send_ring(bool may_use_io_uring = true);
  send_ring(const send_ring&) = delete;
  send_ring& operator=(const send_ring&) = delete;
  ~send_ring();

  /// Sends what can be sent without waiting.
  void send(std::span<piece> all);

 private:
  struct ring;

  bool is_ready();
  void send_together(std::span<piece> some);

  std::unique_ptr<ring> ring_;
  bool may_use_;
};

}  // namespace cartrelay::http
