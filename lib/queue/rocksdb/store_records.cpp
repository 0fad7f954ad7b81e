#include "queue/rocksdb/store_records.hpp"

#include "queue/rocksdb/bytes.hpp"

namespace cartrelay::queue::rocks {
namespace {

siphash_key read_hash_key(byte_reader& in) {
  const auto low = in.u64();
  return {low, in.u64()};
}

}  // namespace

std::string encode_store(const store_identity& value) {
  std::string out;
  byte_writer(out)
      .u8(value_format)
      .varint(value.format)
      .raw(value.id)
      .varint(value.partitions)
      .u64(value.hashes.identity_low.low)
      .u64(value.hashes.identity_low.high)
      .u64(value.hashes.identity_high.low)
      .u64(value.hashes.identity_high.high);
  seal(store_entry, out);
  return out;
}

std::optional<store_identity> decode_store(std::string_view value) {
  auto in = open_value(store_entry, value);
  if (!in) return std::nullopt;
  store_identity out;
  out.format = in->varint();
  if (in->ok() && out.format != store_format) return out;  // another layout follows: the caller refuses it
  out.id = in->raw(16);
  out.partitions = in->varint();
  out.hashes.identity_low = read_hash_key(*in);
  out.hashes.identity_high = read_hash_key(*in);
  if (!in->complete()) return std::nullopt;
  return out;
}

std::string encode_position(const position& value) {
  std::string out;
  byte_writer(out)
      .u8(value_format)
      .varint(value.first)
      .varint(value.next)
      .varint(value.events)
      .varint(value.corrupt)
      .varint(value.lost)
      .varint(value.ingest.accepted)
      .varint(value.ingest.duplicates)
      .varint(value.ingest.refused);
  seal(position_entry, out);
  return out;
}

std::optional<position> decode_position(std::string_view value) {
  auto in = open_value(position_entry, value);
  if (!in) return std::nullopt;
  position out;
  out.first = in->varint();
  out.next = in->varint();
  out.events = in->varint();
  out.corrupt = in->varint();
  out.lost = in->varint();
  out.ingest.accepted = in->varint();
  out.ingest.duplicates = in->varint();
  out.ingest.refused = in->varint();
  if (!in->complete()) return std::nullopt;
  return out;
}

std::string encode_accepted_loss(base::timestamp at) {
  std::string out;
  byte_writer(out).u8(value_format).time(at);
  seal(accepted_loss_entry, out);
  return out;
}

std::optional<base::timestamp> decode_accepted_loss(std::string_view value) {
  auto in = open_value(accepted_loss_entry, value);
  if (!in) return std::nullopt;
  const auto at = in->time();
  if (!in->complete()) return std::nullopt;
  return at;
}

std::string encode_torn(std::string_view key, base::timestamp found_at, std::string_view bytes) {
  std::string out;
  byte_writer(out).u8(value_format).time(found_at).text(bytes);
  seal(key, out);
  return out;
}

}  // namespace cartrelay::queue::rocks
