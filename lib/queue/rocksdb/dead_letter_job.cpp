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
  const auto last = std::min(keys_.size(), next_ + slice);
  for (; next_ < last; ++next_)
    if (settle_one(side, batch, keys_[next_])) done_.push_back(keys_[next_]);
  if (next_ < keys_.size()) return progress::more;
  return answer(std::move(done_));
}

bool dead_letter_job::settle_one(write_side& side, rocksdb::WriteBatch& batch, const dead_letter_key& which) {
  auto* const mine = side.books.find(which.destination);
  if (mine == nullptr || !mine->finished(which.number) || side.settled.contains(which)) return false;
  const auto key = unit_key(which.destination, 0, which.number);
  const auto stored = side.data.get(family::dead_letters, key);
  if (!stored || !*stored) return false;
  auto was = decode_end(key, **stored);
  if (!was) {
    base::log::warning("queue: the evidence of dead letter {} cannot be read", which.number);
    was = end{};
    was->number = which.number;
  }
  if (what_ == verb::requeue) {
    const auto copy = side.data.get(family::copies, key);
    if (!copy || !*copy) return false;  // its record was unreadable when it died: nothing is left to send
    requeue(side, batch, *mine, *was);
  } else {
    give_up(side, batch, *mine, std::move(*was));
  }
  batch.Delete(side.data[family::dead_letters], key);
  side.settled.insert(which);
  side.books.touch(*mine);
  return true;
}

void dead_letter_job::requeue(write_side& side, rocksdb::WriteBatch& batch, unit& mine,
                              const end& was) const {
  const auto key = unit_key(mine.id, 0, was.number);
  exception again;
  again.number = was.number;
  again.tries = was.tries;
  again.age_from = now_;
  again.reason = was.reason;
  again.memo = was.memo;
  again.results = was.results;
  batch.Put(side.data[family::exceptions], key, encode_exception(key, again, true));
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
