#pragma once

#include "http/certificate.hpp"
#include "http/client.hpp"
#include "tests/unit/http/support.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <future>
#include <memory>
#include <string>
#include <thread>

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
  /// Does not wait for the end.
  std::future<outcome> start(request what);
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
/// A proxy on a free port that joins its first client, whatever it asks for, with a port of this machine, and
/// says so with `more_fields` in its answer.
class one_connection_proxy {
 public:
  explicit one_connection_proxy(unsigned short target, std::string more_fields = {});
  ~one_connection_proxy();
  one_connection_proxy(const one_connection_proxy&) = delete;
  one_connection_proxy& operator=(const one_connection_proxy&) = delete;

  [[nodiscard]] unsigned short port() const;
  /// What the client asked for; waits until it has left.
  std::string head();

 private:
  void serve(unsigned short target, const std::string& more_fields);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor listening_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::string head_;
  std::thread thread_;
};

std::string tls_url_of(const running_server& server, const std::string& host = "127.0.0.1");

}  // namespace cartrelay::http::testing
