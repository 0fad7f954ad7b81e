#include "queue/rocksdb/erasure_record.hpp"

#include "queue/rocksdb/bytes.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::string_view entry_name = "erasure";
constexpr std::size_t subject_size = 16;

std::string subject_of(const hash_keys& keys, const customer_key& who) {
  const auto form = compared_form(who);
  std::string subject;
  byte_writer(subject).u64(siphash(keys.identity_low, form)).u64(siphash(keys.identity_high, form));
  return subject;
}

}  // namespace

erasure_record record_of(const hash_keys& keys, const customer_key& who, sequence up_to,
                         base::timestamp now) {
  return {now, up_to, hash_of(keys.identity_low, term_of(who)), subject_of(keys, who)};
}

bool concerns(const erasure_record& which, const hash_keys& keys, const event::payload& data) {
  const auto named = customer_keys(data);
  return std::any_of(named.begin(), named.end(),
                     [&](const customer_key& each) { return subject_of(keys, each) == which.subject; });
}

std::string erasure_entry(erasure_id which) {
  std::string key(entry_name);
  byte_writer(key).u64(which);
  return key;
}

erasure_id erasure_of(std::string_view key) {
  return byte_reader(key.substr(entry_name.size())).u64();
}

std::string encode_erasure(std::string_view key, const erasure_record& value) {
  std::string out;
  byte_writer(out)
      .u8(value_format)
      .time(value.begun_at)
      .varint(value.up_to)
      .u8(static_cast<std::uint8_t>(value.hint.kind))
      .u64(value.hint.hash)
      .raw(value.subject);
  seal(key, out);
  return out;
}

std::optional<erasure_record> decode_erasure(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  erasure_record out;
  out.begun_at = in->time();
  out.up_to = in->varint();
  out.hint.kind = static_cast<index_kind>(in->u8());
  out.hint.hash = in->u64();
  out.subject = in->raw(subject_size);
  if (!in->complete()) return std::nullopt;
  return out;
}

}  // namespace cartrelay::queue::rocks
