#pragma once

#include "http/server.hpp"
#include "http/wire_script.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// What the tests of this room share: an I/O thread, a handler with switches, a server on a free port, and a
/// client that writes any bytes.
namespace cartrelay::http::testing {

/// An io_context on a thread of its own, as the daemon has it.
class io_thread {
 public:
  io_thread() : thread_([this] { context_.run(); }) {}
  ~io_thread() {
    guard_.reset();
    context_.stop();
    thread_.join();
  }
  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;

  [[nodiscard]] base::executor executor() { return context_.get_executor(); }
  /// Runs a coroutine there and waits for its end.
  template <class T>
  T run(base::task<T> what) {
    return boost::asio::co_spawn(context_, std::move(what), boost::asio::use_future).get();
  }
  /// Calls a function there and waits for its end.
  void call(const std::function<void()>& what);

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<base::executor> guard_{context_.get_executor()};
  std::thread thread_;
};

/// Leaves the process `spare` further descriptors while it lives.
class few_descriptors {
 public:
  explicit few_descriptors(int spare);
  ~few_descriptors();
  few_descriptors(const few_descriptors&) = delete;
  few_descriptors& operator=(const few_descriptors&) = delete;

 private:
  rlimit before_{};
};

/// Answers with what it was asked; paths choose another behaviour.
class echo_handler final : public handler {
 public:
  std::optional<response> screen(const request& head, const peer& from) override;
  base::task<response> handle(request& incoming, const peer& from) override;
  void note_refused() noexcept override { ++refused; }

  /// If set, asked first: the n-th request (from 1). Nothing: answer as usual.
  std::function<std::optional<response>(const request&, std::size_t)> instead;
  std::vector<request> seen;  ///< on the I/O thread, or after the server stopped
  peer last_peer;
  std::size_t refused = 0;  ///< by the protocol layer
};

/// A server on a free loopback port (unless the options name addresses), stopped at the end.
class served {
 public:
  served(io_thread& io, server_options settings, handler& target);
  ~served();
  served(const served&) = delete;
  served& operator=(const served&) = delete;

  [[nodiscard]] unsigned short port() const;
  [[nodiscard]] const std::string& address() const { return server_->addresses().front(); }
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(2000));
  server& get() { return *server_; }

 private:
  io_thread& io_;
  std::unique_ptr<server> server_;
  bool stopped_ = false;
};

/// Such a server with an echo behind it, on an I/O thread of its own.
class running_server {
 public:
  explicit running_server(server_options settings = {}) : server_(io_, std::move(settings), handler_) {}

  [[nodiscard]] unsigned short port() const { return server_.port(); }
  [[nodiscard]] const std::string& address() const { return server_.address(); }
  [[nodiscard]] server_counters counters();
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(2000)) { server_.stop(grace); }
  server& get() { return server_.get(); }
  io_thread& io() { return io_; }
  /// The requests that the handler saw.
  std::vector<request> seen();
  peer last_peer();
  std::size_t refused();
  void answer_instead(std::function<std::optional<response>(const request&, std::size_t)> how);

 private:
  io_thread io_;
  echo_handler handler_;
  served server_;
};

/// A blocking socket that sends any bytes. Reads give up after ten seconds, so that a test fails instead of
/// hanging.
class raw_client {
 public:
  raw_client();  ///< not connected yet
  explicit raw_client(unsigned short port);
  explicit raw_client(const std::string& unix_path);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  bool connect(unsigned short port);
  bool send(std::string_view bytes);
  void finish_sending();
  /// Everything until the server closes; `timed_out()` tells when it did not.
  std::string read_until_close();
  /// Until `count` whole answers have come, or the end.
  std::string read_answers(std::size_t count);
  [[nodiscard]] bool timed_out() const { return timed_out_; }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  bool read_more();

  int fd_ = -1;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string received_;
};

/// Sends `bytes` on a fresh connection and reads until the server closes.
std::string exchange_until_close(unsigned short port, std::string_view bytes);
/// The status of the first answer in `text`, 0 if there is none.
int status_of(std::string_view text);
/// All statuses, in order.
std::vector<int> statuses_of(std::string_view text);
std::string gzip(std::string_view plain);
std::string post(std::string_view body, std::string_view more_fields = {});

/// An answer that is `bytes` as they stand; then the server closes, or waits for the client to.
response raw_answer(std::string bytes, wire_script::ending last = wire_script::ending::hold);

/// A fresh directory, removed at the end.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};
void write_file(const std::string& path, std::string_view text);

}  // namespace cartrelay::http::testing
