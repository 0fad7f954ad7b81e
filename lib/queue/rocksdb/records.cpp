#include "queue/rocksdb/records.hpp"

#include "queue/rocksdb/bytes.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

/// In an event's flags: it was erased, and its text is empty.
constexpr std::uint8_t erased_flag = 1;

void write_destinations(byte_writer& out, const std::vector<destination_id>& ids) {
  out.varint(ids.size());
  for (const auto id : ids)
    out.varint(id);
}

std::vector<destination_id> read_destinations(byte_reader& in) {
  std::vector<destination_id> ids;
  for (auto left = in.varint(); left > 0 && in.ok(); --left)
    ids.push_back(static_cast<destination_id>(in.varint()));
  return ids;
}

}  // namespace

event_value encode_event(const new_event& value) {
  event_value out;
  out.head.reserve(48);
  byte_writer writer(out.head);
  writer.u8(value_format).u8(0).u8(static_cast<std::uint8_t>(value.type)).time(value.received_at);
  write_destinations(writer, value.routed);
  writer.varint(value.stored.size());
  out.stored = value.stored;
  out.sum = sum_of(out.head, out.stored);
  return out;
}

std::string encode_erased_event(std::string_view key, const record& value) {
  std::string out;
  byte_writer writer(out);
  writer.u8(value_format).u8(erased_flag).u8(static_cast<std::uint8_t>(value.type)).time(value.received_at);
  write_destinations(writer, value.routed);
  writer.text({});
  seal(key, out);
  return out;
}

std::optional<record> decode_event(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  record out;
  byte_reader place(key);
  out.part = place.u32();
  out.number = place.u64();
  in->u8();
  out.type = static_cast<event::event_type>(in->u8());
  out.received_at = in->time();
  out.routed = read_destinations(*in);
  out.stored = in->text();
  if (!in->complete() || !place.complete()) return std::nullopt;
  return out;
}

std::string encode_routes(std::string_view key, const std::vector<route_run>& runs) {
  std::string out;
  byte_writer writer(out);
  writer.u8(value_format).varint(runs.size());
  for (const auto& run : runs) {
    writer.varint(run.count);
    write_destinations(writer, run.to);
  }
  seal(key, out);
  return out;
}

std::optional<std::vector<route_run>> decode_routes(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  std::vector<route_run> runs;
  for (auto left = in->varint(); left > 0 && in->ok(); --left) {
    const auto count = in->varint();
    runs.push_back({count, read_destinations(*in)});
  }
  if (!in->complete()) return std::nullopt;
  return runs;
}

std::string encode_identity(std::string_view key, const identity& value) {
  std::string out;
  out.reserve(64);
  byte_writer(out)
      .u8(value_format)
      .varint(value.number)
      .raw({reinterpret_cast<const char*>(value.digest.data()), value.digest.size()})
      .maybe_time(value.time)
      .time(value.accepted_at);
  seal(key, out);
  return out;
}

std::optional<identity> decode_identity(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  identity out;
  out.number = in->varint();
  std::generate(out.digest.begin(), out.digest.end(), [&] { return in->u8(); });
  out.time = in->maybe_time();
  out.accepted_at = in->time();
  if (!in->complete()) return std::nullopt;
  return out;
}

std::string encode_state(std::string_view key, const remembered& value) {
  std::string out;
  byte_writer(out).u8(value_format).time(value.expires).text(value.value);
  seal(key, out);
  return out;
}

std::optional<remembered> decode_state(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  remembered out;
  out.expires = in->time();
  out.value = in->text();
  if (!in->complete()) return std::nullopt;
  return out;
}

}  // namespace cartrelay::queue::rocks
