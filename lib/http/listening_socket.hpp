#pragma once

#include "base/error.hpp"
#include "http/address.hpp"
#include "http/server.hpp"

#include <sys/socket.h>
#include <sys/types.h>

#include <string>

namespace cartrelay::http {

/// A bound, listening, non-blocking socket: IPv4, IPv6 or Unix. Owns the descriptor, and the file of a Unix
/// socket, which it removes at the end unless somebody else has put another one there.
class listening_socket {
 public:
  /// `address` as in server_options::listen. A Unix socket's file that nobody listens on any more is
  /// replaced, a live one never; the file gets `unix_mode` before the first client can connect.
  [[nodiscard]] static base::result<listening_socket> open(const std::string& address, unsigned unix_mode);
  /// One that listens already; its file, if it has one, belongs to who made it. Owns the descriptor from here
  /// on, also where it fails.
  [[nodiscard]] static base::result<listening_socket> adopt(int descriptor);
  /// What address() of a socket that is bound to `address` says; empty where that is no address.
  [[nodiscard]] static std::string name_of(const std::string& address);

  listening_socket(listening_socket&& other) noexcept;
  listening_socket& operator=(listening_socket&&) = delete;
  ~listening_socket();

  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] int family() const noexcept { return family_; }
  [[nodiscard]] const std::string& address() const noexcept { return address_; }  ///< with the real port

  /// Gives the descriptor away; the file stays ours to remove.
  [[nodiscard]] int release() noexcept;
  /// Removes the file of a Unix socket now.
  void remove_file() noexcept;

 private:
  listening_socket(int fd, int family) noexcept : fd_(fd), family_(family) {}
  static base::result<listening_socket> open_unix(const std::string& path, unsigned mode);
  static base::result<listening_socket> open_tcp(const listen_address& address);

  int fd_;
  int family_;
  std::string address_;
  std::string path_;  // of a Unix socket
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// Who is at the other end of an accepted connection.
[[nodiscard]] peer describe_peer(const sockaddr_storage& address, socklen_t size);

}  // namespace cartrelay::http
