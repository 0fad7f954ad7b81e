#pragma once

#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "ingest/service.hpp"
#include "queue/memory/engine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace cartrelay::ingest::testing {

inline const base::timestamp arrival = base::parse_rfc3339("2026-11-21T10:00:00Z").value();

/// An event `page.viewed` from `shop/bg`.
[[nodiscard]] std::string page_view(const std::string& id, const std::string& url = "/");
[[nodiscard]] std::string order_paid(const std::string& id, const std::string& order);

[[nodiscard]] http::request post(std::string body, const std::string& type = "application/json");
[[nodiscard]] http::request get(std::string target);
[[nodiscard]] http::request with(http::request what, const std::string& name, const std::string& value);

/// `reason` of a problem, and `pointer` of its faults.
[[nodiscard]] std::string reason(const http::response& answer);
[[nodiscard]] std::vector<std::string> pointers(const http::response& answer);

/// The handler, with a queue in memory, on one thread that only runs while a request is answered.
class desk {
 public:
  explicit desk(const options& settings = {});

  /// As the listener does it: screened, then handled.
  http::response ask(http::request what, const http::peer& from = {false, true, "127.0.0.1"});
  /// Begins a request that is answered later.
  void begin(http::request what);
  /// Runs what can run, and answers what came of the request that was begun; status 0: nothing yet.
  http::response look();

  boost::asio::io_context io;
  base::manual_clock time{arrival};
  queue::memory::memory_engine log{{}};
  service door;
  std::vector<queue::destination_id> routed;  ///< where events go

 private:
  http::request begun_;
  http::peer begun_from_{false, true, "127.0.0.1"};
  http::response begun_answer_;
};

}  // namespace cartrelay::ingest::testing
