#pragma once

#include "base/time.hpp"
#include "event/stored.hpp"
#include "event/type.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What goes through the queue's seam. No type here knows an engine or a vendor.
namespace cartrelay::queue {

using sequence = std::uint64_t;        ///< from 1, ascending within a partition, gaps allowed, never reused
using partition = std::uint32_t;       ///< hash(order key) mod P; P is written into the store at its creation
using destination_id = std::uint16_t;  ///< from register_destination; never reused

/// What a search may ask for by value.
enum class index_kind : std::uint8_t { order = 1, cart = 2, customer = 3, subject = 4 };
struct index_term {
  index_kind kind;
  std::string value;
};

/// Bytes of new_event::stored, at most: what every engine takes.
inline constexpr std::size_t largest_event = 4 << 20;

/// An event on its way in.
struct new_event {
  std::string source, id;               ///< the idempotency key
  event::content_digest digest{};       ///< see event::digest
  std::optional<base::timestamp> time;  ///< as given by the shop: compared where both give it
  base::timestamp received_at;
  event::event_type type{};
  std::string stored;                  ///< event::encode
  std::vector<destination_id> routed;  ///< every destination that shall get it
  std::vector<index_term> terms;
};

enum class append_status : std::uint8_t { appended, duplicate, conflict };
struct append_outcome {
  append_status status = append_status::appended;
  partition part = 0;
  sequence number = 0;  ///< the earlier event's, for duplicate and conflict; 0: of this call
};

/// An event as it stands in the log. `stored` passed its checksum.
struct record {
  partition part = 0;
  sequence number = 0;
  event::event_type type{};
  base::timestamp received_at;
  std::vector<destination_id> routed;
  std::string stored;
};

struct read_limits {
  std::size_t max_records = 256;
  std::size_t max_bytes = 1 << 20;  ///< at least one record is returned however large
};
struct read_batch {
  std::vector<record> records;    ///< ascending
  sequence position = 0;          ///< everything up to here was looked at: the next `after`
  bool at_end = false;            ///< nothing stands after `position` yet
  std::vector<sequence> corrupt;  ///< set aside: counted, kept as evidence, never delivered
};

/// How an event ended at one destination. The numbers are stored.
enum class end_state : std::uint8_t {
  delivered = 1,
  skipped = 2,
  superseded = 3,
  expired = 4,
  dead_letter = 5,
  discarded = 6
};

/// What is known of an event's attempts at one destination. Nothing secret: it is shown to operators as it
/// stands.
struct attempts {
  std::uint32_t count = 0;
  std::optional<base::timestamp> first, last;
  std::string request;  ///< the last: `POST https://host/path`
  int status = 0;       ///< of the last answer; 0: none came
  std::string answer;   ///< the last answer's body, at most 2 KiB, or the failure's words
  std::string batch;    ///< identifies the delivery it shared; empty if alone
};

/// An event's end at one destination. For dead letters the engine keeps a copy of the event beside it.
struct end {
  sequence number = 0;
  end_state state = end_state::delivered;
  std::string
      reason;  ///< a short class (`no_ticket`, `unmappable`, `rejected`, `in_doubt`…); empty for delivered
  std::string detail;    ///< words for a person
  std::string results;   ///< JSON that the vendor gave back and a shop can use; empty if nothing
  std::string evidence;  ///< dead letters: the last request (secrets masked), as JSON
  sequence superseded_by = 0;
  base::timestamp at;
  attempts tries;
  std::string memo;  ///< dead letters: what the destination kind wants back at a replay (exception::memo)
  /// Not stored. Its customer is being forgotten: what engine::erase has to look at (the event's copy, what
  /// its attempts left) stays until then.
  bool withdrawn = false;
};

/// An unfinished event that the cursor has passed: waiting for a retry, behind its key, or marked before a
/// send that must not be repeated.
struct exception {
  sequence number = 0;
  attempts tries;                               ///< while it is marked, with the one that may be under way
  std::optional<base::timestamp> next_attempt;  ///< wall time; absent: as soon as its turn comes
  base::timestamp age_from;                     ///< max_age counts from here: acceptance, or replay
  bool marked = false;                          ///< a send that must not be repeated may be under way
  bool replaceable = false;  ///< opaque to the engine: a newer snapshot of its cart may supersede it
  std::string reason;        ///< class of the last failure
  std::string memo;          ///< opaque to the engine: what the destination kind wants back at a replay
  std::string results;       ///< what earlier attempts gave that a shop can use (end::results)
};

/// A change of a destination's own durable memory (last sent carts, imported contacts).
struct state_change {
  std::string key;
  std::optional<std::string> value;  ///< absent: forget it
  base::timestamp expires;           ///< may be forgotten from then on
};

}  // namespace cartrelay::queue
