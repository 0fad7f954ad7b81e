#pragma once

#include "queue/inspect.hpp"
#include "queue/rocksdb/keys.hpp"
#include "queue/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The values of the default family that belong to the store as a whole. A decoder answers nothing if the
/// checksum, the format byte or the content is not what was written.
namespace cartrelay::queue::rocks {

/// Raised with each change of a layout.
inline constexpr std::uint64_t store_format = 2;

/// `default/store`.
struct store_identity {
  std::uint64_t format = store_format;
  std::string id;  ///< 16 random bytes
  std::uint64_t partitions = 1;
  hash_keys hashes;
};
[[nodiscard]] std::string encode_store(const store_identity& value);
[[nodiscard]] std::optional<store_identity> decode_store(std::string_view value);

/// `default/position`.
struct position {
  sequence first = 1, next = 1;
  std::uint64_t events = 0, corrupt = 0, lost = 0;
  ingest_totals ingest;
};
[[nodiscard]] std::string encode_position(const position& value);
[[nodiscard]] std::optional<position> decode_position(std::string_view value);

/// `default/accepted-loss`: when a damaged store was last opened by --accept-data-loss.
[[nodiscard]] std::string encode_accepted_loss(base::timestamp at);
[[nodiscard]] std::optional<base::timestamp> decode_accepted_loss(std::string_view value);

[[nodiscard]] std::string encode_torn(std::string_view key, base::timestamp found_at, std::string_view bytes);

}  // namespace cartrelay::queue::rocks
