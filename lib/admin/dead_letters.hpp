#pragma once

#include "base/mailbox.hpp"
#include "base/task.hpp"
#include "http/message.hpp"
#include "ingest/receipt_json.hpp"
#include "queue/engine.hpp"

#include <optional>
#include <string>

namespace cartrelay::admin {

/// What GET /v1/dead-letters was asked for.
struct dead_letter_search {
  queue::dead_letter_query what;  ///< limit: of the whole page
  bool grouped = false;
  std::optional<http::response> refused;  ///< a 400: nothing is to be searched
};
/// `names`: destinations that the queue knows. Pure.
[[nodiscard]] dead_letter_search parse_dead_letter_search(std::string_view query,
                                                          const ingest::destination_names& names);

/// One dead letter with its evidence: the last request (secrets masked), the answer, the attempts, the event.
void write_dead_letter(base::json_writer& json, const queue::dead_letter& what,
                       const ingest::destination_names& names);

/// Dead letters for operators; changing them is the dispatcher's. On the thread of `where`; the engine
/// outlives it.
class dead_letters {
 public:
  dead_letters(base::mailbox where, queue::engine& log) : where_(std::move(where)), log_(log) {}

  /// {"dead_letters":[…],"next_cursor":…} by destination and sequence, or {"groups":[…]} by destination and
  /// reason.
  [[nodiscard]] base::task<http::response> list(std::string query);
  [[nodiscard]] base::task<http::response> one(std::string id, std::string query);
  /// The daemon stops: pages end with what they have, and groups that take longer are refused.
  void end_soon() noexcept { ending_ = true; }

 private:
  [[nodiscard]] base::task<http::response> page(queue::dead_letter_query asked,
                                                ingest::destination_names names);
  [[nodiscard]] base::task<http::response> groups(queue::dead_letter_query asked,
                                                  ingest::destination_names names);

  base::mailbox where_;
  queue::engine& log_;
  bool ending_ = false;
};

}  // namespace cartrelay::admin
