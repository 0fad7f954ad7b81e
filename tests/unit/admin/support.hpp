#pragma once

#include "admin/service.hpp"
#include "base/clock.hpp"
#include "dispatch/dispatcher.hpp"
#include "ingest/service.hpp"
#include "queue/memory/engine.hpp"
#include "tests/unit/admin/samples.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <string>
#include <vector>

namespace cartrelay::admin::testing {

inline const http::peer unix_socket{true, true, "unix"};
inline const http::peer this_machine{false, true, "127.0.0.1"};
inline const http::peer other_machine{false, false, "192.0.2.7"};

[[nodiscard]] http::request get(std::string target);
[[nodiscard]] http::request post(std::string target, std::string body = {});
[[nodiscard]] http::request with(http::request what, const std::string& name, const std::string& value);
/// Of the body.
[[nodiscard]] boost::json::value json(const http::response& answer);
/// `pointer` of each fault of a problem.
[[nodiscard]] std::vector<std::string> pointers(const http::response& answer);

/// What the vendor answers to everything; counts what it gets.
struct vendor {
  int status = 202;
  std::string retry_after;  ///< in seconds; empty: it does not say
  std::vector<http::request> got;
};

/// Admin, ingest and dispatch around a queue in memory, with one vendor in the place of all. One thread,
/// which runs while something is asked or awaited.
class house {
 public:
  explicit house(std::vector<destinations::options> destinations = {releva("releva")});
  ~house();
  house(const house&) = delete;
  house& operator=(const house&) = delete;

  [[nodiscard]] static destinations::options releva(const std::string& name);

  /// As the listener does it: screened, then handled.
  http::response ask(http::request what, const http::peer& from = unix_socket);
  /// Stores an event; answers its sequence.
  queue::sequence store(const std::string& event);
  /// Runs until it holds; a test that waits too long fails.
  void await(const std::function<bool()>& condition);
  [[nodiscard]] dispatch::destination_status status(const std::string& name) const;
  /// Waits until the destination has so many dead letters.
  void await_dead_letters(const std::string& name, std::uint64_t count);

  boost::asio::io_context io;
  vendor shop;
  queue::memory::memory_engine log{{}};
  dispatch::dispatcher delivery;
  service desk;

 private:
  template <class T>
  T run(base::task<T> what);

  ingest::service door_;
};

}  // namespace cartrelay::admin::testing
