#include "base/text.hpp"
#include "destinations/reloadify/product_set.hpp"
#include "destinations/rokt/progress.hpp"
#include "dispatch/control.hpp"
#include "event/stored.hpp"
#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/index_rows.hpp"
#include "queue/rocksdb/progress_records.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/store_records.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <array>
#include <functional>

namespace cartrelay::fuzz {
namespace {

namespace rocks = queue::rocks;
namespace reloadify = destinations::reloadify;
namespace rokt = destinations::rokt;

/// Decodes a value and encodes what was read; nothing if it is refused.
using rewrite = std::function<std::optional<std::string>(std::string_view key, std::string_view value)>;

struct record_kind {
  std::size_t key_size;  ///< 0: the key is fixed
  std::string_view key;
  rewrite run;
};

template <class Decode, class Encode>
rewrite both(Decode decode, Encode encode) {
  return [=](std::string_view key, std::string_view value) -> std::optional<std::string> {
    const auto read = decode(key, value);
    if (!read) return std::nullopt;
    return encode(key, *read);
  };
}

queue::new_event as_new(const queue::record& read) {
  queue::new_event out;
  out.type = read.type;
  out.received_at = read.received_at;
  out.routed = read.routed;
  out.stored = read.stored;
  return out;
}

const std::vector<record_kind>& kinds() {
  static const std::vector<record_kind> all{
      {12,
       {},
       both(rocks::decode_event,
            [](auto key, auto& v) {
              const auto again = as_new(v);
              const auto value = rocks::encode_event(again);
              return value.head + std::string(value.stored) + rocks::seal_of(key, value.sum);
            })},
      {12, {}, both(rocks::decode_routes, rocks::encode_routes)},
      {16, {}, both(rocks::decode_identity, rocks::encode_identity)},
      {13, {}, both(rocks::decode_entries, [](auto key, auto& v) { return rocks::encode_entries(key, v); })},
      {9, {}, both(rocks::decode_state, rocks::encode_state)},
      {0, rocks::store_entry,
       both([](auto, auto v) { return rocks::decode_store(v); },
            [](auto, auto& v) { return rocks::encode_store(v); })},
      {0, rocks::position_entry,
       both([](auto, auto v) { return rocks::decode_position(v); },
            [](auto, auto& v) { return rocks::encode_position(v); })},
      {14,
       {},
       both(rocks::decode_end,
            [](auto key, auto& v) { return rocks::encode_end(key, v, rocks::evidence::keep); })},
      {14,
       {},
       both(rocks::decode_exception,
            [](auto key, auto& v) { return rocks::encode_exception(key, v.value, v.has_copy); })},
      {10, {}, both(rocks::decode_unit, rocks::encode_unit)},
      {10, {}, both(rocks::decode_control, rocks::encode_control)},
  };
  return all;
}

/// Whatever was read, written and read again, it is the same from then on.
void check_rewrites(const record_kind& kind, std::string_view key, std::string_view value) {
  const auto once = kind.run(key, value);
  if (!once) return;
  const auto twice = kind.run(key, *once);
  require(twice.has_value(), "what was written can be read");
  require(*twice == *once, "and is what was written");
}

/// A flipped bit, in the value or in the key that it lies under, is always noticed.
void check_damage(const record_kind& kind, std::string key, std::string value, unsigned where) {
  if (kind.key_size > 0 && where % 4 == 0) {
    auto& byte = key[where / 4 % key.size()];
    byte = static_cast<char>(byte ^ (1 << where % 8));
  } else {
    auto& byte = value[where % value.size()];
    byte = static_cast<char>(byte ^ (1 << where / 5 % 8));
  }
  require(!kind.run(key, value), "a flipped bit is noticed");
}

void database_record(input& in) {
  const auto& kind = kinds()[in.choice() % kinds().size()];
  const auto where = in.choice() * 256 + in.choice();
  std::string key(kind.key);
  for (std::size_t at = 0; at < kind.key_size; ++at)
    key += static_cast<char>(in.choice());
  const auto raw = in.rest();
  static_cast<void>(kind.run(key, raw));
  std::string sealed(1, static_cast<char>(rocks::value_format));
  sealed += raw;
  rocks::seal(key, sealed);
  check_rewrites(kind, key, sealed);
  check_damage(kind, key, sealed, where);
}

void stored_event(input& in) {
  const auto stored = in.rest();
  const auto read = event::decode(stored);
  if (!read) return require(!read.error().message().empty(), "refused for a reason");
  require(event::encode(*read) == stored, "an event is stored in one way only", stored);
  require(event::digest(*read) == event::digest(*event::decode(stored)), "a digest is of the content");
  require(!read->id.empty() && !read->source.empty(), "an event has its idempotency key");
}

void control_text(input& in) {
  const auto read = dispatch::parse_control(in.rest());
  if (!read) return;
  const auto text = dispatch::to_text(*read);
  const auto again = dispatch::parse_control(text);
  require(again.has_value(), "a control text of ours can be read", text);
  require(dispatch::to_text(*again) == text, "and is what was written", text);
}

void vendor_memory(input& in) {
  const auto text = in.rest();
  if (const auto memo = rokt::decode(text))
    require(rokt::decode(rokt::encode(*memo)) == memo, "a memo comes back as it was", text);
  if (const auto set = reloadify::decode(text))
    require(reloadify::decode(reloadify::encode(*set)) == set, "a set of products comes back as it was",
            text);
  static_cast<void>(reloadify::read_list(text));
}

}  // namespace

void stored_record(std::string_view bytes) {
  input in(bytes);
  switch (in.choice() % 4) {
    case 0:
      return database_record(in);
    case 1:
      return stored_event(in);
    case 2:
      return control_text(in);
    default:
      return vendor_memory(in);
  }
}

}  // namespace cartrelay::fuzz
