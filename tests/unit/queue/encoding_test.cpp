#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/progress_records.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/store_records.hpp"
#include "tests/contract/queue/support.hpp"

namespace cartrelay::queue::rocks {
namespace {

using testing::start;

TEST(siphash, gives_the_vector_of_its_authors) {
  std::string input;
  for (char i = 0; i < 15; ++i)
    input += i;
  EXPECT_EQ(siphash({0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull}, input), 0xa129ca6149be45e5ull);
}

TEST(bytes, every_number_comes_back) {
  std::string out;
  const std::uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, ~std::uint64_t{0}};
  byte_writer writer(out);
  for (const auto each : numbers)
    writer.varint(each);
  writer.time(start()).maybe_time({}).maybe_time(start()).u16(513).u32(1 << 20).text("abc");
  byte_reader reader(out);
  for (const auto each : numbers)
    EXPECT_EQ(reader.varint(), each);
  EXPECT_EQ(reader.time(), start());
  EXPECT_EQ(reader.maybe_time(), std::nullopt);
  EXPECT_EQ(reader.maybe_time(), start());
  EXPECT_EQ(reader.u16(), 513);
  EXPECT_EQ(reader.u32(), 1u << 20);
  EXPECT_EQ(reader.text(), "abc");
  EXPECT_TRUE(reader.complete());
}

TEST(bytes, reading_past_the_end_fails_softly) {
  byte_reader reader("\xff\xff");
  EXPECT_EQ(reader.varint(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.text(), "");
  std::string endless(11, '\xff');
  byte_reader longest(endless);
  EXPECT_EQ(longest.varint(), 0u);
  EXPECT_FALSE(longest.ok());
}

TEST(bytes, a_seal_holds_value_and_key) {
  std::string value = "value";
  seal("key", value);
  EXPECT_EQ(unseal("key", value), "value");
  EXPECT_EQ(unseal("kez", value), std::nullopt);
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto torn = value;
    torn[i] = static_cast<char>(torn[i] ^ 4);
    EXPECT_EQ(unseal("key", torn), std::nullopt) << i;
  }
  EXPECT_EQ(unseal("key", "abc"), std::nullopt);
}

/// The whole value, as it is written in pieces.
std::string sealed(const event_value& value, std::string_view key) {
  return value.head + std::string(value.stored) + seal_of(key, value.sum);
}

TEST(records, an_event_comes_back) {
  const auto event = testing::plain_event("7", {3, 300}, std::string(5000, 'y'));
  const auto key = log_key(0, 42);
  const auto value = sealed(encode_event(event), key);
  const auto read = decode_event(key, value);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 42u);
  EXPECT_EQ(read->routed, event.routed);
  EXPECT_EQ(read->stored, event.stored);
  EXPECT_EQ(read->received_at, event.received_at);
  EXPECT_FALSE(decode_event(log_key(0, 43), value)) << "under another number";
}

TEST(records, keys_sort_by_number) {
  EXPECT_LT(log_key(0, 255), log_key(0, 256));
  EXPECT_LT(unit_key(1, 0, ~sequence{0}), unit_key(2, 0, 0));
}

TEST(records, source_and_id_do_not_run_together) {
  EXPECT_NE(identity_key({}, "ab", "c"), identity_key({}, "a", "bc"));
}

TEST(records, an_identity_comes_back) {
  const auto key = identity_key({}, "s", "1");
  const identity value{9, {1, 2, 3}, start(), start()};
  const auto read = decode_identity(key, encode_identity(key, value));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 9u);
  EXPECT_EQ(read->digest, value.digest);
  EXPECT_EQ(read->time, value.time);
}

TEST(records, routes_come_back) {
  const std::vector<route_run> runs{{4096, {1, 2}}, {1, {}}, {7, {65535}}};
  EXPECT_EQ(decode_routes(log_key(0, 1), encode_routes(log_key(0, 1), runs)), runs);
}

TEST(records, a_later_format_is_known_as_such) {
  std::string value;
  byte_writer(value).u8(value_format).varint(store_format + 1).text("whatever that has");
  seal(store_entry, value);
  const auto read = decode_store(value);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->format, store_format + 1);
}

TEST(records, the_evidence_of_an_end_stays_with_the_dead_letter) {
  auto died = testing::ended(5, end_state::dead_letter);
  died.evidence = "evidence";
  died.memo = "memo";
  const auto key = unit_key(1, 0, 5);
  EXPECT_EQ(decode_end(key, encode_end(key, died, evidence::keep))->evidence, "evidence");
  EXPECT_EQ(decode_end(key, encode_end(key, died, evidence::leave))->evidence, "");
  EXPECT_EQ(decode_end(key, encode_end(key, died, evidence::leave))->memo, "memo");
}

TEST(records, a_delivered_end_is_small) {
  auto done = testing::ended(5);
  done.tries = {1, start(), start(), "POST https://api.example.com/orders", 200, "", ""};
  EXPECT_LE(encode_end(unit_key(1, 0, 5), done, evidence::leave).size(), 100u);
}

}  // namespace
}  // namespace cartrelay::queue::rocks
