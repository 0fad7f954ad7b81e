#include "queue/rocksdb/progress_records.hpp"

#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/keys.hpp"

#include <utility>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::uint8_t marked_flag = 1, copy_flag = 2, results_flag = 4, replaceable_flag = 8;

void write_attempts(byte_writer& out, const attempts& value) {
  out.varint(value.count)
      .maybe_time(value.first)
      .maybe_time(value.last)
      .text(value.request)
      .varint(static_cast<std::uint64_t>(value.status < 0 ? 0 : value.status))
      .text(value.answer)
      .text(value.batch);
}

attempts read_attempts(byte_reader& in) {
  attempts out;
  out.count = static_cast<std::uint32_t>(in.varint());
  out.first = in.maybe_time();
  out.last = in.maybe_time();
  out.request = in.text();
  out.status = static_cast<int>(in.varint());
  out.answer = in.text();
  out.batch = in.text();
  return out;
}

}  // namespace

std::string encode_end(std::string_view key, const end& value, evidence what) {
  std::string out;
  byte_writer writer(out);
  writer.u8(value_format)
      .u8(static_cast<std::uint8_t>(value.state))
      .u8(0)
      .time(value.at)
      .varint(value.superseded_by)
      .text(value.reason)
      .text(value.detail)
      .text(value.results)
      .text(value.memo)
      .text(what == evidence::keep ? std::string_view(value.evidence) : std::string_view());
  write_attempts(writer, value.tries);
  seal(key, out);
  return out;
}

std::optional<end> decode_end(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  end out;
  out.number = sequence_of(key);
  out.state = static_cast<end_state>(in->u8());
  in->u8();
  out.at = in->time();
  out.superseded_by = in->varint();
  out.reason = in->text();
  out.detail = in->text();
  out.results = in->text();
  out.memo = in->text();
  out.evidence = in->text();
  out.tries = read_attempts(*in);
  if (!in->complete()) return std::nullopt;
  return out;
}

end corrupt_end(sequence number, std::string detail) {
  end out;
  out.number = number;
  out.state = end_state::discarded;
  out.reason = "corrupt";
  out.detail = std::move(detail);
  return out;
}

std::string encode_exception(std::string_view key, const exception& value, bool has_copy) {
  std::string out;
  byte_writer writer(out);
  const int flags = (value.marked ? marked_flag : 0) | (has_copy ? copy_flag : 0) |
                    (value.results.empty() ? 0 : results_flag) | (value.replaceable ? replaceable_flag : 0);
  writer.u8(value_format).u8(static_cast<std::uint8_t>(flags));
  write_attempts(writer, value.tries);
  writer.maybe_time(value.next_attempt).time(value.age_from).text(value.reason).text(value.memo);
  if (!value.results.empty()) writer.text(value.results);
  seal(key, out);
  return out;
}

std::optional<stored_exception> decode_exception(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  stored_exception out;
  out.value.number = sequence_of(key);
  const auto flags = in->u8();
  out.value.marked = (flags & marked_flag) != 0;
  out.value.replaceable = (flags & replaceable_flag) != 0;
  out.has_copy = (flags & copy_flag) != 0;
  out.value.tries = read_attempts(*in);
  out.value.next_attempt = in->maybe_time();
  out.value.age_from = in->time();
  out.value.reason = in->text();
  out.value.memo = in->text();
  if ((flags & results_flag) != 0) out.value.results = in->text();
  if (!in->complete()) return std::nullopt;
  return out;
}

std::string encode_unit(std::string_view key, const unit& value) {
  std::string out;
  const auto& counts = value.counts;
  byte_writer(out)
      .u8(value_format)
      .text(value.name)
      .varint(value.epoch)
      .varint(value.cursor)
      .varint(counts.routed)
      .varint(counts.delivered)
      .varint(counts.skipped)
      .varint(counts.superseded)
      .varint(counts.expired)
      .varint(counts.discarded)
      .varint(counts.dead_letters)
      .varint(counts.attempts)
      .varint(counts.failed_attempts);
  seal(key, out);
  return out;
}

std::optional<unit> decode_unit(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in || key.size() != unit_entry(0, 0).size()) return std::nullopt;
  unit out;
  out.id = destination_of(key.substr(4));
  out.name = in->text();
  out.epoch = in->varint();
  out.cursor = in->varint();
  out.counts.routed = in->varint();
  out.counts.delivered = in->varint();
  out.counts.skipped = in->varint();
  out.counts.superseded = in->varint();
  out.counts.expired = in->varint();
  out.counts.discarded = in->varint();
  out.counts.dead_letters = in->varint();
  out.counts.attempts = in->varint();
  out.counts.failed_attempts = in->varint();
  if (!in->complete()) return std::nullopt;
  return out;
}

std::string encode_control(std::string_view key, std::string_view value) {
  std::string out;
  byte_writer(out).u8(value_format).text(value);
  seal(key, out);
  return out;
}

std::optional<std::string> decode_control(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  std::string out(in->text());
  if (!in->complete()) return std::nullopt;
  return out;
}

}  // namespace cartrelay::queue::rocks
