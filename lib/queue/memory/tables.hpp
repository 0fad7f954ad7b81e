#pragma once

#include "base/error.hpp"
#include "queue/erasure.hpp"
#include "queue/identity.hpp"
#include "queue/inspect.hpp"
#include "queue/unit.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cartrelay::queue::memory {

/// `subject`: the compared form of the customer's key.
struct open_erasure {
  std::string subject;
  sequence up_to = 0;
};

/// Everything that the in-memory engine holds; a copy of it is a snapshot.
struct tables {
  using place = std::pair<destination_id, sequence>;
  using idempotency_key = std::pair<std::string, std::string>;

  std::map<sequence, record> log;
  std::map<idempotency_key, identity> identities;
  std::map<destination_id, unit> units;
  std::map<place, end> ends, dead_letters;
  std::map<place, exception> exceptions;
  std::map<place, record> copies;
  std::map<std::pair<destination_id, std::string>, state_change> state;
  std::map<erasure_id, open_erasure> erasures;
  erasure_id last_erasure = 0;
  sequence first = 1, next = 1;
  std::uint64_t stored_bytes = 0;  // in the log
  ingest_totals ingest;

  [[nodiscard]] unit* find(destination_id id);
  /// Stores all of them, or none if one conflicts.
  std::vector<append_outcome> append(const std::vector<new_event>& events,
                                     std::chrono::milliseconds dedup_window);
  base::result<void> commit(const lease& held, const progress& step);
  bool requeue(const dead_letter_key& which, base::timestamp now);
  bool discard(const dead_letter_key& which, base::timestamp now, const std::string& reason);
  /// How many left the log: finished ones that are older than that, or stand in the way of `most` bytes.
  std::uint64_t trim(base::timestamp now, std::chrono::milliseconds retention, std::uint64_t most);

  /// Empties those of the events that are the customer's: `stored` is empty from then on.
  erasure_counts erase(const open_erasure& which, const std::vector<sequence>& numbers, base::timestamp now);
  std::uint64_t forget(const std::vector<memory_entry>& entries);
  [[nodiscard]] std::vector<record> erasable(const open_erasure& which) const;

  [[nodiscard]] read_batch read(sequence after, const read_limits& limits) const;
  [[nodiscard]] std::optional<record> fetch(sequence number) const;
  [[nodiscard]] std::vector<receipt_line> lines(const record& event) const;
  [[nodiscard]] std::optional<receipt> find(sequence number) const;
  [[nodiscard]] receipt_page search(const receipt_query& query) const;
  [[nodiscard]] dead_letter_page dead_letter_list(const dead_letter_query& query) const;
  [[nodiscard]] std::vector<dead_letter_key> selected(const dead_letter_selection& which) const;

 private:
  [[nodiscard]] std::vector<append_outcome> decide(const std::vector<new_event>& events,
                                                   std::chrono::milliseconds dedup_window) const;
  void store(const new_event& event);
  void finish(unit& at, const end& how);
  void erase_at(unit& at, sequence number, const record& event, base::timestamp now, erasure_counts& counts);
  void clear_shared(sequence number);
};

}  // namespace cartrelay::queue::memory
