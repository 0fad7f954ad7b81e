#pragma once

#include "base/mailbox.hpp"
#include "base/task.hpp"
#include "dispatch/dispatcher.hpp"
#include "http/message.hpp"
#include "ingest/receipt_json.hpp"
#include "queue/engine.hpp"

#include <optional>
#include <string>

namespace cartrelay::admin {

/// What GET /v1/events was asked for.
struct receipt_search {
  queue::receipt_query what;              ///< limit: of the whole page
  std::string source, id;                 ///< if not empty, the one event of this name is meant
  std::optional<http::response> refused;  ///< a 400: nothing is to be searched
};
/// `names`: destinations that the queue knows. Pure.
[[nodiscard]] receipt_search parse_receipt_search(std::string_view query,
                                                  const ingest::destination_names& names);

/// Receipts for operators. On the dispatcher's thread, which `where` belongs to; the engine and the
/// dispatcher outlive it.
class receipts {
 public:
  receipts(base::mailbox where, queue::engine& log, const dispatch::dispatcher& delivery)
      : where_(std::move(where)), log_(log), delivery_(delivery) {}

  /// {"events":[…],"next_cursor":…}, newest first; by source and id the one, if it is there. A page that
  /// takes long ends early, even with nothing in it.
  [[nodiscard]] base::task<http::response> list(std::string query);
  [[nodiscard]] base::task<http::response> one(std::string sequence, std::string query);
  /// The daemon stops: pages end with what they have.
  void end_soon() noexcept { ending_ = true; }

 private:
  [[nodiscard]] base::task<http::response> named(std::string source, std::string id);

  base::mailbox where_;
  queue::engine& log_;
  const dispatch::dispatcher& delivery_;
  bool ending_ = false;
};

}  // namespace cartrelay::admin
