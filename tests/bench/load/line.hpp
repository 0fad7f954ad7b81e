#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace cartrelay::bench {

/// Where the server is.
struct target {
  std::string host = "127.0.0.1";  ///< an IPv4 address
  std::uint16_t port = 0;
  std::string unix_path;  ///< instead of both, if not empty
  std::string ca_file;    ///< TLS with this trust anchor; empty: plain
};

/// The settings of TLS that all lines share. Null for a plain target. Throws std::runtime_error.
[[nodiscard]] std::shared_ptr<ssl_ctx_st> tls_settings(const target& where);

/// One non-blocking connection. Throws std::runtime_error if it cannot be opened.
class line {
 public:
  enum class state { all, blocked, closed };

  line(const target& where, ssl_ctx_st* tls);
  ~line();
  line(const line&) = delete;
  line& operator=(const line&) = delete;

  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// Writes as much of `bytes` as goes without waiting, and takes that off its front.
  [[nodiscard]] state write(std::string_view& bytes);
  /// Appends what there is, up to 64 KiB. `all`: there may be more.
  [[nodiscard]] state read(std::string& into);

 private:
  int fd_ = -1;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
  std::unique_ptr<char[]> space_;
};

}  // namespace cartrelay::bench
