#include "base/log.hpp"
#include "queue/rocksdb/ballast.hpp"
#include "queue/rocksdb/disk_engine.hpp"
#include "queue/rocksdb/system_failure.hpp"

#include <chrono>
#include <mutex>
#include <utility>

/// What the engine does beside what it is asked for: listeners, marker, ballast, opening the store anew.
namespace cartrelay::queue::rocks {
namespace {

constexpr auto marker_interval = std::chrono::seconds(5);

}  // namespace

/// On the writer's thread.
void disk_engine::after_commit(bool appended) {
  const auto now = std::chrono::steady_clock::now();
  opened_.data->limits().first = told_.first();
  if (appended)
    listeners_.appended_in_a_row(now);
  else
    listeners_.pay_when_due(now);
  for (const auto& name : opened_.data->faults().take_unreadable_families())
    lookups_.later([this, name] { opened_.data->stop_compacting(name); });
  mark();
  if (now - marked_at_ < marker_interval) return;
  marked_at_ = now;
  lookups_.later([this] { sync_marker(); });
}

void disk_engine::mark() {
  const auto newest = opened_.data->newest_write();
  if (newest == std::exchange(marked_, newest)) return;
  marker_.note(told_.next() - 1, newest);
}

void disk_engine::sync_marker() {
  const auto synced = marker_.sync();
  if (synced) return;
  if (synced.error().code == errc::disk_low)
    base::log::warning("queue: {}", synced.error().message());
  else
    writer_.fail(synced.error());
}

void disk_engine::lay_ballast() {
  const auto current = settings();
  if (const auto left = free_bytes(current.path)) ballast(current).lay(*left);
}

/// On the writer's thread: everything in memory is as the disk says afterwards.
base::result<void> disk_engine::reopen() {
  base::result<void> outcome;
  const auto open_again = [&] {
    if (const auto status = opened_.data->reopen(); !status.ok()) {
      outcome = translate(status);
      return;
    }
    auto books = reload(*opened_.data);
    if (!books)
      outcome = books.error();
    else
      *books_ = std::move(**books);
  };
  eraser_->alone([&] { reader_.alone(open_again); });
  if (!outcome) return outcome;
  routing_.forget();
  terms_.reload(books_->where().next);
  opened_.data->faults().on_failure([this](const base::error& why) { writer_.fail(why); });
  return outcome;
}

/// What changed without anything to sync: duplicates and refusals. Both threads have ended.
void disk_engine::save_totals() {
  books_->where().ingest.refused += told_.take_refused();
  rocksdb::WriteBatch batch;
  books_->touch_totals();
  books_->write_to(*opened_.data, batch);
  if (batch.Count() == 0) return;
  const auto status = opened_.data->write(batch);
  if (status.ok())
    mark();
  else if (is_full(status))
    base::log::warning("queue: no room to write the last totals: {}", status.ToString());
  else
    writer_.fail(translate(status));
}

}  // namespace cartrelay::queue::rocks
