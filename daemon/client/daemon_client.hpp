#pragma once

#include "base/error.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace CLI {
class App;
}  // namespace CLI

namespace cartrelay::daemon {

enum class listener { ingest, admin };

/// How a client command finds the daemon; filled in by the command line.
struct daemon_address {
  std::string config;      ///< --config: addresses and tokens as configured
  std::string url;         ///< --url
  std::string token_file;  ///< --token-file
  std::string ca_file;     ///< --ca-file: for a daemon that serves TLS with a certificate of its own

  void add_options(CLI::App& command, listener which = listener::admin);
};

/// Blocking calls to a running daemon over TCP, TLS or its Unix socket. One thread.
class daemon_client {
 public:
  struct answer {
    int status = 0;
    std::string body;
    std::chrono::seconds retry_after{};  ///< 0: not said
    std::string from;                    ///< who answered, as messages name it
    std::string token_from = {};         ///< the file that the token was read from; empty: none was sent
  };

  /// Fails with what is wrong with the listener's section of the configuration, the URL or the token file.
  /// A token of the configuration that cannot be read is a matter for calls that need one. Without --config
  /// and --url it takes the local Unix socket if there is one, else the default port.
  [[nodiscard]] static base::result<daemon_client> find(const daemon_address& where, listener which);

  /// Fails if no daemon answers, with errc::not_connected if nothing of the request was sent (nobody listens,
  /// no such host, TLS that does not hold), or if it asks for a token and that of the configuration could not
  /// be read (errc::permission_denied); every other HTTP status is an answer.
  [[nodiscard]] base::result<answer> call(std::string_view method, std::string_view target,
                                          std::string_view content_type = {},
                                          std::string_view body = {}) const;
  /// How long an answer may take; two minutes unless said otherwise.
  void be_patient(std::chrono::seconds most) noexcept { patience_ = most; }
  [[nodiscard]] base::result<answer> get(std::string_view target) const { return call("GET", target); }
  /// A JSON document by POST.
  [[nodiscard]] base::result<answer> post(std::string_view target, std::string_view json) const {
    return call("POST", target, "application/json", json);
  }

 private:
  std::string base_url_;
  std::string unix_path_;
  std::string ca_file_;
  base::secret token_;
  std::string token_from_;        // the file that names it
  std::string no_token_because_;  // said when the daemon asks for one
  std::chrono::seconds patience_{120};
};

}  // namespace cartrelay::daemon
