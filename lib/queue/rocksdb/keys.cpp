#include "queue/rocksdb/keys.hpp"

#include "queue/rocksdb/bytes.hpp"

namespace cartrelay::queue::rocks {

std::string log_key(partition part, sequence number) {
  std::string key;
  key.reserve(log_key_size);
  byte_writer(key).u32(part).u64(number);
  return key;
}

std::string unit_key(destination_id destination, partition part, sequence number) {
  std::string key;
  key.reserve(unit_key_size);
  byte_writer(key).u16(destination).u32(part).u64(number);
  return key;
}

std::string state_key(destination_id destination, std::string_view name) {
  std::string key;
  byte_writer(key).u16(destination).raw(name);
  return key;
}

std::string identity_key(const hash_keys& keys, std::string_view source, std::string_view id) {
  std::string both;
  both.reserve(source.size() + 1 + id.size());
  byte_writer(both).raw(source).u8(0).raw(id);
  std::string key;
  key.reserve(16);
  byte_writer(key).u64(siphash(keys.identity_low, both)).u64(siphash(keys.identity_high, both));
  return key;
}

sequence sequence_of(std::string_view key) {
  return key.size() < 8 ? 0 : byte_reader(key.substr(key.size() - 8)).u64();
}

destination_id destination_of(std::string_view key) {
  return byte_reader(key).u16();
}

std::string unit_entry(destination_id destination, partition part) {
  std::string key("unit");
  byte_writer(key).u16(destination).u32(part);
  return key;
}

std::string control_entry(destination_id destination, partition part) {
  std::string key("control");
  byte_writer(key).u16(destination).u32(part);
  return key;
}

std::string torn_entry(partition part, sequence number) {
  std::string key("torn");
  byte_writer(key).u32(part).u64(number);
  return key;
}

}  // namespace cartrelay::queue::rocks
