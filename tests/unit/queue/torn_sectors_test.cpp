#include "base/digest.hpp"
#include "base/random.hpp"
#include "queue/rocksdb/log_tail.hpp"
#include "tests/contract/queue/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cartrelay::queue::testing {
namespace {

using rocks::inspect_log;
using state = rocks::log_tail::state;

constexpr std::size_t block = 32 << 10, header = 7, sector = 512, page = 4096;

/// As RocksDB writes a record of `content` at the end of a log: see log_format.h.
void add_record(std::string& log, std::string_view content) {
  for (bool begins = true; begins || !content.empty(); begins = false) {
    if (const auto room = block - log.size() % block; room < header) log.append(room, '\0');
    const auto part = content.substr(0, block - log.size() % block - header);
    content.remove_prefix(part.size());
    const auto type = static_cast<char>(begins ? (content.empty() ? 1 : 2) : content.empty() ? 4 : 3);
    const auto body = type + std::string(part);
    auto sum = base::crc32c(body);
    sum = (sum >> 15 | sum << 17) + 0xa282ead8u;
    for (int i = 0; i < 4; ++i)
      log += static_cast<char>(sum >> (8 * i));
    log += static_cast<char>(part.size());
    log += static_cast<char>(part.size() >> 8);
    log += body;
  }
}

/// Small records up to `end` exactly.
std::string records_up_to(std::size_t end, std::uint64_t seed) {
  base::random_source dice(seed);
  std::string log;
  while (end - log.size() > 500)
    add_record(log, noise(seed + log.size(), 20 + dice.below(200)));
  add_record(log, noise(seed, end - log.size() - header));
  return log;
}

std::size_t sectors_of(std::size_t begin, std::size_t end) {
  return (end - 1) / sector - begin / sector + 1;
}

/// The newest write without some of its sectors, of which bit n stands for the n-th.
std::string without(std::uint64_t sectors, std::string log, std::size_t begin, std::size_t end) {
  for (auto at = begin / sector * sector; at < end; at += sector, sectors >>= 1)
    if ((sectors & 1) != 0)
      for (auto each = std::max(at, begin); each < std::min(at + sector, end); ++each)
        log[each] = '\0';
  return log;
}

TEST(torn_sectors, a_write_of_which_any_sectors_are_missing_is_cut_off) {
  for (const std::size_t border : {sector, page, block - sector})
    for (auto begin = border - 12; begin < border + 3; ++begin) {
      auto log = records_up_to(begin, begin);
      add_record(log, noise(begin, 1'700));
      const auto end = log.size();
      log.resize(3 * block);
      EXPECT_EQ(inspect_log(log).what, state::whole) << begin;
      for (std::uint64_t missing = 1; missing + 1 < 1u << sectors_of(begin, end); ++missing) {
        const auto found = inspect_log(without(missing, log, begin, end));
        EXPECT_EQ(found.what, state::torn) << begin << ": " << missing;
        EXPECT_EQ(found.records_end, begin) << begin << ": " << missing;
      }
    }
}

TEST(torn_sectors, a_write_over_several_blocks_is_cut_off_as_well) {
  base::random_source dice(1);
  for (int round = 0; round < 200; ++round) {
    const auto begin = 2 * block - header - dice.below(2'000);
    auto log = records_up_to(begin, begin);
    add_record(log, noise(begin, 1'500 + dice.below(10'000)));
    const auto end = log.size();
    log.resize(4 * block);
    const auto missing = 1 + dice.below((1u << sectors_of(begin, end)) - 2);  // some, and not all
    const auto found = inspect_log(without(missing, log, begin, end));
    EXPECT_EQ(found.what, state::torn) << round << ": " << missing;
    EXPECT_EQ(found.records_end, begin) << round << ": " << missing;
  }
}

/// What was acknowledged is gone: that is for the operator to know.
TEST(torn_sectors, a_sector_that_is_gone_before_the_newest_write_is_damage) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto end = block / 2 + 17 * seed;
    auto log = records_up_to(end, seed);
    add_record(log, noise(seed, 700));
    log.resize(2 * block);
    for (std::size_t at = 0; at < end; at += sector) {
      auto damaged = log;
      std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(at), sector, '\0');
      EXPECT_NE(inspect_log(damaged).what, state::torn) << seed << ": " << at;
    }
  }
}

TEST(torn_sectors, a_whole_header_may_hold_zeros) {
  std::string log = records_up_to(sector - 1, 1);
  for (std::uint64_t seed = 1; log.size() < sector; ++seed) {  // until its first byte is zero
    auto next = log;
    add_record(next, noise(seed, 300));
    if (next[log.size()] == '\0') log = next;
  }
  const auto end = log.size();
  log.resize(block);
  EXPECT_EQ(inspect_log(log).what, state::whole);
  EXPECT_EQ(inspect_log(log).records_end, end);
}

}  // namespace
}  // namespace cartrelay::queue::testing
