#include "queue/rocksdb/disk_engine.hpp"

#include "base/log.hpp"
#include "queue/expiry.hpp"
#include "queue/rocksdb/ballast.hpp"
#include "queue/rocksdb/commit_job.hpp"
#include "queue/rocksdb/dead_letter_job.hpp"
#include "queue/rocksdb/dead_letter_reads.hpp"
#include "queue/rocksdb/log_reads.hpp"
#include "queue/rocksdb/progress_reads.hpp"
#include "queue/rocksdb/receipts.hpp"
#include "queue/rocksdb/search.hpp"
#include "queue/rocksdb/torn_job.hpp"
#include "queue/rocksdb/trim_job.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {

disk_engine::disk_engine(const options& settings, const base::clock& time, surroundings around,
                         opened_store opened, std::unique_ptr<ledger> books, open_marker mark)
    : settings_(settings),
      time_(time),
      opened_(std::move(opened)),
      books_(std::move(books)),
      routing_(*opened_.data),
      terms_(*opened_.data, opened_.identity.hashes.identity_low, books_->where().next),
      writes_{.data = *opened_.data,
              .books = *books_,
              .routing = routing_,
              .terms = terms_,
              .made_as = opened_.identity,
              .dedup_window = settings.dedup_window,
              .space = room(settings.min_free_disk, settings.max_size)},
      reads_{*opened_.data, told_, opened_.identity.hashes,
             [this](std::vector<torn_record> found, receiver<void> then) {
               writer_.submit(std::make_unique<torn_job>(std::move(found), time_.now(), std::move(then)));
             },
             settings.accept_data_loss},
      marker_(std::move(mark)),
      marked_at_(std::chrono::steady_clock::now()),
      lookups_(*opened_.data, reader_),
      writer_(writes_, told_, writer_hooks(around)),
      eraser_(
          std::make_unique<eraser>(eraser::surroundings{*opened_.data, reads_, lookups_, writer_, time_,
                                                        settings.path, [this] { return room_to_spare(); }})) {
  opened_.data->limits().first = told_.first();
  if (opened_.loss_accepted_at) told_.tell_accepted_loss(*opened_.loss_accepted_at);
  // From here on a fault has the store reopened, for which everything is needed.
  opened_.data->faults().on_failure([this](const base::error& why) { writer_.fail(why); });
}

disk_engine::~disk_engine() {
  close();
}

writer::hooks disk_engine::writer_hooks(surroundings& around) {
  auto measure = std::move(around.free_disk);
  if (!measure) measure = [path = settings_.path] { return free_bytes(path); };
  return {.free_disk = std::move(measure),
          .committed = [this](bool appended) { after_commit(appended); },
          .idle = [this] { listeners_.pay(); },
          .give_room = [this] { return ballast(settings()).give_up(); },
          .reopen = [this] { return reopen(); },
          .failed = [this](const base::error& why) { listeners_.failed(why); }};
}

/// Runs `work` on the reader's thread and answers with what it returns.
template <class T, class Work>
void disk_engine::look(reply<T> then, Work work) {
  std::shared_lock lock(gate_);
  if (refused(then)) return;
  lookups_.look(std::move(then), [work = std::move(work)](reply<T> answer) mutable { answer(work()); });
}

capabilities disk_engine::traits() const {
  return {durability::local_fsync, false, settings().dedup_window, largest_event, 1};
}

void disk_engine::append(std::vector<new_event> events, reply<std::vector<append_outcome>> then) {
  writer_.append(std::make_unique<append_job>(opened_.identity.hashes, std::move(events), std::move(then)));
}

void disk_engine::register_destination(std::string name, reply<destination_id> then) {
  writer_.submit(std::make_unique<register_job>(std::move(name), std::move(then)));
}

void disk_engine::acquire(destination_id destination, partition part, std::size_t most_rows,
                          reply<unit_state> then) {
  std::shared_lock lock(gate_);
  if (refused(then)) return;
  writer_.submit(
      std::make_unique<acquire_job>(destination, part, most_rows, reads_, reader_, std::move(then)));
}

void disk_engine::commit(lease held, progress step, reply<void> then) {
  writer_.submit(std::make_unique<commit_job>(held, std::move(step), std::move(then)));
}

void disk_engine::read(partition part, sequence after, read_limits limits, reply<read_batch> then) {
  std::shared_lock lock(gate_);
  if (refused(then)) return;
  lookups_.look(std::move(then), [this, part, after, limits](reply<read_batch> answer) {
    read_log(reads_, part, after, limits, std::move(answer));
  });
}

void disk_engine::fetch(partition part, std::vector<sequence> numbers, std::size_t max_bytes,
                        reply<std::vector<record>> then) {
  look(std::move(then), [this, part, numbers = std::move(numbers), max_bytes] {
    return fetch_records(reads_, part, numbers, max_bytes);
  });
}

void disk_engine::state(destination_id destination, std::vector<std::string> keys, base::timestamp now,
                        reply<std::vector<std::optional<std::string>>> then) {
  look(std::move(then), [this, destination, keys = std::move(keys), now] {
    return read_state(reads_, destination, keys, now);
  });
}

void disk_engine::find_receipt(partition part, sequence number, reply<receipt> then) {
  look(std::move(then), [this, part, number] { return rocks::find_receipt(reads_, part, number); });
}

void disk_engine::find_receipt(std::string source, std::string id, reply<receipt> then) {
  look(std::move(then), [this, source = std::move(source), id = std::move(id)] {
    return rocks::find_receipt(reads_, source, id);
  });
}

void disk_engine::search(receipt_query query, reply<receipt_page> then) {
  std::shared_lock lock(gate_);
  if (!refused(then))
    lookups_.slice(std::make_shared<search_scan>(reads_, std::move(query), std::move(then)));
}

void disk_engine::dead_letters(dead_letter_query query, reply<dead_letter_page> then) {
  std::shared_lock lock(gate_);
  if (!refused(then))
    lookups_.slice(std::make_shared<dead_letter_page_scan>(reads_, std::move(query), std::move(then)));
}

void disk_engine::find_dead_letters(dead_letter_query which, reply<std::vector<dead_letter_key>> then) {
  std::shared_lock lock(gate_);
  if (!refused(then))
    lookups_.slice(std::make_shared<dead_letter_selection_scan>(reads_, std::move(which), std::move(then)));
}

void disk_engine::requeue(dead_letter_selection which, base::timestamp now,
                          reply<std::vector<dead_letter_key>> then) {
  settle_dead_letters(std::move(which), now, true, std::move(then));
}

void disk_engine::discard(dead_letter_selection which, base::timestamp now,
                          reply<std::vector<dead_letter_key>> then) {
  settle_dead_letters(std::move(which), now, false, std::move(then));
}

void disk_engine::settle_dead_letters(dead_letter_selection which, base::timestamp now, bool again,
                                      reply<std::vector<dead_letter_key>> then) {
  std::shared_lock lock(gate_);
  if (refused(then)) return;
  const auto what = again ? dead_letter_job::verb::requeue : dead_letter_job::verb::discard;
  auto settle = [this, what, now](std::vector<dead_letter_key> keys, auto answer) {
    writer_.submit(std::make_unique<dead_letter_job>(what, std::move(keys), now, std::move(answer)));
  };
  if (!which.keys.empty()) {
    settle(std::move(which.keys), std::move(then));
    return;
  }
  lookups_.slice(std::make_shared<dead_letter_selection_scan>(
      reads_, which.matching,
      [settle, then = std::move(then)](base::result<std::vector<dead_letter_key>> found) mutable {
        if (found)
          settle(std::move(*found), std::move(then));
        else
          then(found.error());
      }));
}

void disk_engine::trim(base::timestamp now, reply<std::uint64_t> then) {
  std::shared_lock lock(gate_);
  if (refused(then)) return;
  const auto current = settings();
  auto& limits = opened_.data->limits();
  limits.now = base::to_micros(now);
  limits.identities_before = base::to_micros(now - std::max(current.dedup_window, current.retention));
  auto release = [this, now, then = std::move(then)](base::result<std::uint64_t> dropped) mutable {
    if (!dropped) {
      then(dropped.error());
      return;
    }
    lookups_.look(std::move(then), [this, now, count = *dropped](reply<std::uint64_t> answer) {
      lay_ballast();
      if (count > 0) release_trimmed_files(*opened_.data, told_.first(), told_.destinations());
      if (count > 0 && told_.nearly_full()) opened_.data->free_room(told_.first());
      sweep_dead_letters(now, [count, answer = std::move(answer)](const base::result<void>& swept) mutable {
        if (swept)
          answer(count);
        else
          answer(swept.error());
      });
    });
  };
  writer_.submit(std::make_unique<trim_job>(current, now, std::move(release)));
}

/// Expires dead letters past their retention; looks through all of them, and for what else is kept of trimmed
/// events, at most once an hour. A clock that was ahead and has been put right must not put off the next look
/// until then.
void disk_engine::sweep_dead_letters(base::timestamp now, receiver<void> then) {
  const auto retention = settings().dead_letter_retention;
  const auto pause = std::min<std::chrono::milliseconds>(std::chrono::hours(1), retention / 24);
  if (swept_at_ && now >= *swept_at_ && now < *swept_at_ + pause) {
    then({});
    return;
  }
  swept_at_ = now;
  opened_.data->limits().kept_from = kept_from(reads_);
  dead_letter_query old;
  old.before = now - retention;
  lookups_.slice(std::make_shared<dead_letter_selection_scan>(
      reads_, old,
      [this, now, retention,
       then = std::move(then)](base::result<std::vector<dead_letter_key>> found) mutable {
        if (!found || found->empty()) {
          then(found ? base::result<void>() : found.error());
          return;
        }
        auto done = [this, retention, then = std::move(then)](
                        const base::result<std::vector<dead_letter_key>>& expired) mutable {
          if (expired)
            for (const auto& line :
                 words_of_expired(*expired, retention, [this](auto id) { return told_.name_of(id); }))
              base::log::warning("{}", line);
          then(expired ? base::result<void>() : expired.error());
        };
        writer_.submit(std::make_unique<dead_letter_job>(dead_letter_job::verb::expire, std::move(*found),
                                                         now, std::move(done)));
      }));
}

queue_stats disk_engine::stats() const {
  return told_.snapshot();
}

std::optional<errc> disk_engine::refusal() const {
  return told_.refusal();
}

options disk_engine::settings() const {
  std::lock_guard lock(settings_mutex_);
  return settings_;
}

/// What may be used of the disk without coming below the floor.
std::optional<std::uint64_t> disk_engine::room_to_spare() const {
  const auto current = settings();
  const auto left = free_bytes(current.path);
  if (!left) return std::nullopt;
  return *left > current.min_free_disk ? *left - current.min_free_disk : 0;
}

void disk_engine::note_refused(std::uint64_t requests) {
  told_.note_refused(requests);
}

void disk_engine::configure(const options& settings) {
  {
    std::lock_guard lock(settings_mutex_);
    const auto path = std::exchange(settings_, settings).path;
    settings_.path = path;
  }
  writer_.configure(settings);
}

void disk_engine::on_append(base::mailbox where, base::unique_function<void()> wake) {
  listeners_.add_wake(std::move(where), std::move(wake));
}

void disk_engine::on_failure(base::mailbox where, base::unique_function<void(base::error)> failed) {
  listeners_.add_failure(std::move(where), std::move(failed));
}

void disk_engine::close() {
  {
    std::unique_lock lock(gate_);
    if (closed_) return;
    closed_ = true;
  }
  reader_.drain();  // nobody hands the eraser anything from here on
  eraser_->stop();
  // Work passes from one thread to the other and back at most once: dead letters are found, then settled.
  for (int round = 0; round < 3; ++round) {
    writer_.drain();
    reader_.drain();
  }
  writer_.stop();
  reader_.stop();
  if (!writer_.failed()) save_totals();
  if (!writer_.failed()) sync_marker();
  if (!writer_.failed()) told_.close(errc::stopped);
  opened_.data.reset();
  opened_.held.reset();
}

base::result<std::unique_ptr<engine>> open(const options& settings, const base::clock& time,
                                           surroundings around) {
  auto opened = open_store(settings, time.now(), around.env);
  if (!opened) return opened.error();
  auto books = open_books(settings, time.now(), *opened);
  if (!books) return books.error();
  auto mark = settle_opening(settings, *opened, **books);
  if (!mark) return mark.error();
  auto made = std::make_unique<disk_engine>(settings, time, std::move(around), std::move(*opened),
                                            std::move(*books), std::move(*mark));
  made->lay_ballast();
  return made;
}

}  // namespace cartrelay::queue::rocks
