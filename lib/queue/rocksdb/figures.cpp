#include "queue/rocksdb/figures.hpp"

namespace cartrelay::queue::rocks {

figures::figures() {
  stats_.engine = "rocksdb";
}

void figures::publish(const ledger& books, const room& space) {
  std::lock_guard lock(mutex_);
  books.describe(stats_);
  refused_being_written_ = 0;
  stats_.bytes = space.size();
  stats_.max_bytes = space.max_size();
  stats_.free_disk = space.free_disk();
  nearly_full_ = space.near_full();
  if (!closed_) refusal_ = space.refusal();
  first_ = stats_.first;
  next_ = stats_.next;
}

void figures::add_commit(std::chrono::nanoseconds took) {
  std::lock_guard lock(mutex_);
  commits_.add(took);
}

void figures::close(errc because) {
  std::lock_guard lock(mutex_);
  closed_ = true;
  refusal_ = because;
}

void figures::reopen() {
  std::lock_guard lock(mutex_);
  closed_ = false;
}

void figures::tell_accepted_loss(base::timestamp at) {
  std::lock_guard lock(mutex_);
  stats_.loss_accepted_at = at;
}

queue_stats figures::snapshot() const {
  std::unique_lock lock(mutex_);
  auto out = stats_;
  const auto commits = commits_;
  const auto refusal = refusal_;
  out.ingest.refused += refused_.load() + refused_being_written_;
  lock.unlock();  // the writer needs it after each commit
  out.writable = !refusal;
  if (refusal) out.reason = reason_of(*refusal);
  out.commit_p50_ms = commits.percentile_ms(0.5);
  out.commit_p99_ms = commits.percentile_ms(0.99);
  return out;
}

std::optional<errc> figures::refusal() const {
  std::lock_guard lock(mutex_);
  return refusal_;
}

std::uint64_t figures::take_refused() noexcept {
  std::lock_guard lock(mutex_);
  const auto taken = refused_.exchange(0);
  refused_being_written_ += taken;
  return taken;
}

bool figures::nearly_full() const {
  std::lock_guard lock(mutex_);
  return nearly_full_;
}

std::vector<destination_id> figures::destinations() const {
  std::lock_guard lock(mutex_);
  std::vector<destination_id> out;
  for (const auto& each : stats_.destinations)
    out.push_back(each.id);
  return out;
}

std::string figures::name_of(destination_id id) const {
  std::lock_guard lock(mutex_);
  for (const auto& each : stats_.destinations)
    if (each.id == id) return each.name;
  return {};
}

}  // namespace cartrelay::queue::rocks
