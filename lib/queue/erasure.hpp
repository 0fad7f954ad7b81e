#pragma once

#include "event/event.hpp"
#include "queue/progress.hpp"
#include "queue/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Forgetting a customer: what goes through the seam. The dispatcher carries it out, in steps that may each
/// be repeated, and a crash between two of them loses none:
///
///   begin_erasure → (erasable → erase)… until nothing is erasable → finish_erasure
namespace cartrelay::queue {

/// Who is to be forgotten: the one value that all of the customer's events must name in `data.customer`.
struct customer_key {
  enum class kind : std::uint8_t { id = 1, email = 2, phone = 3 };  ///< the numbers are stored
  kind by = kind::id;
  std::string value;
};

/// What two keys are compared by: an id byte for byte, an e-mail address without regard to the case of ASCII
/// letters and to blanks around it, a phone by its digits. Begins with the kind, so that no id equals an
/// address.
[[nodiscard]] std::string compared_form(const customer_key& who);
/// The term by which events that name the customer stand in an index: for the key of an event the same as
/// for one that is asked for, if their compared forms are equal.
[[nodiscard]] index_term term_of(const customer_key& who);
/// Every key that the event can be forgotten by; none if it names no customer.
[[nodiscard]] std::vector<customer_key> customer_keys(const event::payload& data);

/// An entry of a destination's memory.
struct memory_entry {
  destination_id destination = 0;
  std::string key;
};

/// A begun erasure. It is durable, and holds nothing of the customer that could be read.
using erasure_id = std::uint64_t;

/// What began.
struct erasure_start {
  erasure_id which = 0;
  std::uint64_t vendor_state = 0;  ///< entries of destinations' memory that were forgotten at once
};

struct erasure_counts {
  std::uint64_t events = 0;        ///< emptied: their number, type, time and destinations stay
  std::uint64_t receipts = 0;      ///< ends whose words, answers and results are gone
  std::uint64_t dead_letters = 0;  ///< now discarded
  std::uint64_t pending = 0;       ///< unfinished at a destination, now discarded
  std::uint64_t vendor_state = 0;  ///< entries of destinations' memory

  erasure_counts& operator+=(const erasure_counts& more) noexcept;
  friend bool operator==(const erasure_counts&, const erasure_counts&) = default;
};

/// What the files hold when an erasure is finished.
struct cleaning {
  bool clean = true;                   ///< no file of the database holds what was erased before
  std::string reason;                  ///< why not: words for a person
  std::vector<std::string> set_aside;  ///< folders of damaged files, which are not looked into
};

/// When an event was tried, as far as that tells whose batches it shared.
struct attempt_span {
  base::timestamp from, to;
  std::string batch;  ///< the last one's; empty: it went alone
};
/// Nothing: it shared none.
[[nodiscard]] std::optional<attempt_span> span_of(const attempts& tries);
/// Whether what a vendor answered to `other` may speak of the event too. The last batch is known by its id,
/// those before by their time: each lies between the first and the last attempt of each of its events,
/// whichever of them the clock put first.
[[nodiscard]] bool may_have_shared(const attempt_span& own, const attempts& other);

/// How an erased event's unfinished deliveries and dead letters end: as discarded, with this reason.
inline constexpr const char* erased_reason = "erased";
[[nodiscard]] end erased_end(sequence number, base::timestamp at);
/// What stays of an end that was there before: that it was one, and when.
[[nodiscard]] end without_words(const end& was);

}  // namespace cartrelay::queue
