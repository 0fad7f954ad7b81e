#include "queue/rocksdb/essentials.hpp"

#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/patient_scan.hpp"
#include "queue/rocksdb/records.hpp"

#include <limits>

namespace cartrelay::queue::rocks {
namespace {

constexpr destination_id nobody = 0;  // no destination has this number
constexpr std::string_view name_prefix = "name";

std::string name_key(destination_id id) {
  std::string name(name_prefix);
  byte_writer(name).u16(id);
  return state_key(nobody, name);
}

void keep(const store& data, rocksdb::WriteBatch& batch, const std::string& key, std::string value) {
  const auto never = base::from_micros(std::numeric_limits<std::int64_t>::max());
  batch.Put(data[family::state], key, encode_state(key, {never, std::move(value)}));
}

}  // namespace

void keep_identity(const store& data, rocksdb::WriteBatch& batch, const store_identity& value) {
  keep(data, batch, state_key(nobody, store_entry), encode_store(value));
}

void keep_name(const store& data, rocksdb::WriteBatch& batch, destination_id id, std::string_view name) {
  keep(data, batch, name_key(id), std::string(name));
}

std::optional<store_identity> kept_identity(const store& data) {
  const auto key = state_key(nobody, store_entry);
  const auto stored = data.get(family::state, key);
  const auto kept = stored && *stored ? decode_state(key, **stored) : std::nullopt;
  return kept ? decode_store(kept->value) : std::nullopt;
}

std::map<destination_id, std::string> kept_names(const store& data) {
  std::map<destination_id, std::string> out;
  const auto prefix = state_key(nobody, name_prefix);
  for (patient_scan at(data, family::state, prefix, state_key(nobody, "namf")); at.valid(); at.next())
    if (auto kept = decode_state(at.key(), at.value()))
      out[destination_of(at.key().substr(prefix.size()))] = std::move(kept->value);
  return out;
}

}  // namespace cartrelay::queue::rocks
