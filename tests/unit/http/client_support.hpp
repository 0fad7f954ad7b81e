#pragma once

#include "http/certificate.hpp"
#include "http/client.hpp"
#include "support.hpp"

#include <memory>
#include <string>

namespace cartrelay::http::testing {

/// A client on an I/O thread of its own, stopped at the end. Calls wait for their outcome.
class running_client {
 public:
  explicit running_client(const client_options& settings = {});
  ~running_client();
  running_client(const running_client&) = delete;
  running_client& operator=(const running_client&) = delete;

  outcome send(request what, bool safe_to_repeat = true);
  outcome get(const std::string& url, bool safe_to_repeat = true);
  boost::system::result<std::string, failure> probe(const std::string& url);
  client_counters counters();
  void stop();
  client& operator*() { return *client_; }
  io_thread& io() { return io_; }

 private:
  io_thread io_;
  std::unique_ptr<client> client_;
  bool stopped_ = false;
};

std::string url_of(const running_server& server, const std::string& path = "/hello");

/// An authority of its own, in a file that a client can trust.
class test_authority {
 public:
  test_authority();
  [[nodiscard]] const std::string& file() const { return file_; }
  /// Options of a TLS server for these names, valid around now unless told otherwise.
  [[nodiscard]] server_options server_for(std::vector<std::string> names, std::vector<std::string> addresses,
                                          std::chrono::hours age = std::chrono::hours(1),
                                          std::chrono::hours left = std::chrono::hours(1)) const;
  [[nodiscard]] client_options client() const;

 private:
  temporary_folder folder_;
  key_pair_pem pair_ = make_authority("test authority");
  std::string file_;
};
std::string tls_url_of(const running_server& server, const std::string& host = "127.0.0.1");

}  // namespace cartrelay::http::testing
