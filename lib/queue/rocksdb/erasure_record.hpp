#pragma once

#include "event/event.hpp"
#include "queue/erasure.hpp"
#include "queue/rocksdb/index_rows.hpp"
#include "queue/rocksdb/keys.hpp"

#include <optional>
#include <string>
#include <string_view>

/// An erasure as the store remembers it: whom it is about stands in it as hashes under the store's own keys,
/// never as text.
namespace cartrelay::queue::rocks {

struct erasure_record {
  base::timestamp begun_at;
  sequence up_to = 0;   ///< events before this one; later ones are none of its business
  term_hash hint;       ///< the customer, in the index
  std::string subject;  ///< 16 bytes
};

[[nodiscard]] erasure_record record_of(const hash_keys& keys, const customer_key& who, sequence up_to,
                                       base::timestamp now);
/// Whether the event names the customer.
[[nodiscard]] bool concerns(const erasure_record& which, const hash_keys& keys, const event::payload& data);

/// In the default family.
[[nodiscard]] std::string erasure_entry(erasure_id which);
[[nodiscard]] erasure_id erasure_of(std::string_view key);
[[nodiscard]] std::string encode_erasure(std::string_view key, const erasure_record& value);
[[nodiscard]] std::optional<erasure_record> decode_erasure(std::string_view key, std::string_view value);

}  // namespace cartrelay::queue::rocks
