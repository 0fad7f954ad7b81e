#include "queue/rocksdb/dead_letter_job.hpp"

#include "base/log.hpp"
#include "queue/rocksdb/progress_records.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

/// In one group, so that what one call names by its ids is settled as a whole or not at all.
constexpr std::size_t slice = 1'000;

}  // namespace

write_job::progress dead_letter_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  std::vector<letter> letters;
  for (const auto last = std::min(keys_.size(), next_ + slice); next_ < last; ++next_) {
    auto found = find(side, keys_[next_]);
    if (!found) return answer(found.error());
    if (*found) letters.push_back(std::move(**found));
  }
  for (auto& each : letters)
    if (const auto key = each.key; settle_one(side, batch, std::move(each))) done_.push_back(key);
  if (next_ < keys_.size()) return progress::more;
  return answer(std::move(done_));
}

base::result<std::optional<dead_letter_job::letter>> dead_letter_job::find(
    write_side& side, const dead_letter_key& which) const {
  const auto* const mine = side.books.find(which.destination);
  if (mine == nullptr || !mine->finished(which.number)) return std::nullopt;
  const auto key = unit_key(which.destination, 0, which.number);
  const auto stored = side.data.get_sound(family::dead_letters, key);
  if (!stored) return stored.error();
  if (!*stored) return std::nullopt;
  letter out{which, {}, {}};
  if (auto was = decode_end(key, **stored)) {
    out.ended = std::move(*was);
  } else {
    base::log::warning("queue: the evidence of dead letter {} cannot be read", which.number);
    out.ended.number = which.number;
  }
  if (what_ != verb::requeue) return out;
  const auto copy = side.data.get_sound(family::copies, key);
  if (!copy) return copy.error();
  if (*copy) return out;
  auto record = side.data.get_sound(family::log, log_key(0, which.number));
  if (!record) return record.error();
  if (!*record) return std::nullopt;  // it was unreadable when the event died: nothing is left to send
  out.from_log = std::move(*record);
  return out;
}

bool dead_letter_job::settle_one(write_side& side, rocksdb::WriteBatch& batch, letter found) {
  if (!side.settled.insert(found.key).second) return false;
  auto& mine = *side.books.find(found.key.destination);
  const auto key = unit_key(mine.id, 0, found.key.number);
  if (what_ == verb::requeue)
    requeue(side, batch, mine, found);
  else
    give_up(side, batch, mine, std::move(found.ended));
  batch.Delete(side.data[family::dead_letters], key);
  side.books.touch(mine);
  return true;
}

void dead_letter_job::requeue(write_side& side, rocksdb::WriteBatch& batch, unit& mine,
                              const letter& found) const {
  const auto& was = found.ended;
  const auto key = unit_key(mine.id, 0, was.number);
  exception again;
  again.number = was.number;
  again.tries = was.tries;
  again.age_from = now_;
  again.reason = was.reason;
  again.memo = was.memo;
  again.results = was.results;
  batch.Put(side.data[family::exceptions], key, encode_exception(key, again, true));
  if (found.from_log) batch.Put(side.data[family::copies], key, *found.from_log);
  batch.Delete(side.data[family::ends], key);
  mine.revive(was.number);
}

void dead_letter_job::give_up(write_side& side, rocksdb::WriteBatch& batch, unit& mine, end was) const {
  const auto key = unit_key(mine.id, 0, was.number);
  was.state = end_state::discarded;
  was.at = now_;
  if (what_ == verb::expire) was.reason = "dead_letter_expired";
  if (was.number >= side.books.where().first)
    batch.Put(side.data[family::ends], key, encode_end(key, was, evidence::leave));
  batch.Delete(side.data[family::copies], key);
  mine.give_up_dead_letter();
}

}  // namespace cartrelay::queue::rocks
