#pragma once

#include "queue/progress.hpp"

#include <compare>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

/// What operators ask of the queue: receipts, dead letters, figures.
namespace cartrelay::queue {

/// What became of one event at one destination. Exactly one of: ended, waiting (an exception), or neither
/// (pending).
struct receipt_line {
  destination_id destination = 0;
  std::optional<end> ended;
  std::optional<exception> waiting;
};
struct receipt {
  record event;
  std::vector<receipt_line> lines;  ///< in the order of `event.routed`
};

/// Newest first. Absent conditions match everything; the first of `terms` uses an index, the others are
/// checked while scanning.
struct receipt_query {
  std::vector<index_term> terms;  ///< all must match
  std::optional<event::event_type> type;
  std::optional<destination_id> destination;
  std::optional<std::string> state;             ///< as in receipts: `pending`, `retrying`, `delivered`…
  std::optional<base::timestamp> since, until;  ///< received_at in [since, until)
  std::optional<sequence> before;               ///< the cursor of the page before
  std::size_t limit = 50;                       ///< at least 1
};
struct receipt_page {
  std::vector<receipt> receipts;
  std::optional<sequence> next;  ///< absent: no more
};

struct dead_letter {
  destination_id destination = 0;
  end ended;
  record event;
};
struct dead_letter_key {
  destination_id destination = 0;
  sequence number = 0;

  friend bool operator==(const dead_letter_key&, const dead_letter_key&) = default;
  // Written out: clang-tidy 14 takes the zero within a defaulted one for a null pointer.
  friend std::strong_ordering operator<=>(const dead_letter_key& a, const dead_letter_key& b) noexcept {
    return std::tie(a.destination, a.number) <=> std::tie(b.destination, b.number);
  }
};
struct dead_letter_query {
  std::optional<destination_id> destination;
  std::optional<std::string> reason;
  std::optional<base::timestamp> before;  ///< dead-lettered before
  std::optional<dead_letter_key> after;   ///< the cursor of the page before
  std::size_t limit = 50;                 ///< at least 1
};
struct dead_letter_page {
  std::vector<dead_letter> letters;  ///< ascending by key
  std::optional<dead_letter_key> next;
};
/// Which dead letters a replay or a discard means.
struct dead_letter_selection {
  std::vector<dead_letter_key>
      keys;  ///< if not empty, these; those that are no dead letters (any more) are passed over
  dead_letter_query matching;  ///< else all that match (limit and after are ignored)
};

struct destination_stats {
  destination_id id = 0;
  std::string name;
  totals counts;
  std::uint64_t waiting = 0;  ///< exceptions
};
/// Durable totals of what was posted. `refused` counts requests. A crash may take those duplicates and
/// refusals with it that came since the last write and the last trim().
struct ingest_totals {
  std::uint64_t accepted = 0, duplicates = 0, refused = 0;
  bool operator==(const ingest_totals&) const = default;
};
struct queue_stats {
  std::string engine;
  std::uint64_t events = 0;
  sequence first = 0, next = 1;
  std::uint64_t bytes = 0, max_bytes = 0;
  std::optional<std::uint64_t> free_disk;  ///< bytes left on its file system, when that was last measured
  bool writable = true;
  std::string reason;               ///< why not writable: `queue_full`, `disk_low`, `read_only`, `stopped`
  std::uint64_t corrupt = 0;        ///< records set aside
  std::uint64_t lost_accepted = 0;  ///< acknowledged events given up by --accept-data-loss
  std::optional<base::timestamp> loss_accepted_at;  ///< when that was last needed, if ever
  double commit_p50_ms = 0, commit_p99_ms = 0;
  ingest_totals ingest;
  std::vector<destination_stats> destinations;
};

}  // namespace cartrelay::queue
