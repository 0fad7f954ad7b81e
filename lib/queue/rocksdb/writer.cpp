#include "queue/rocksdb/writer.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::size_t most_events = 256, most_bytes = 1 << 20;  // of a group's appends
constexpr std::size_t bytes_of_keys = 256;                      // an event's rows without the event
constexpr std::size_t most_queued = 64 << 20;
constexpr auto measure_every = std::chrono::milliseconds(100),
               look_for_room_every = std::chrono::milliseconds(250);

}  // namespace

writer::writer(write_side& side, figures& told, hooks calls)
    : side_(side), told_(told), calls_(std::move(calls)) {
  measure(true);
  told_.publish(side_.books, side_.space);
  thread_ = std::thread([this] { run(); });
}

writer::~writer() {
  stop();
}

void writer::append(std::unique_ptr<append_job> job) {
  std::unique_lock lock(mutex_);
  auto refused = out_of_service();
  if (!refused && queued_bytes_ >= most_queued) refused = queue::fail(errc::busy);
  if (refused) {
    lock.unlock();
    return job->settle(&*refused);
  }
  queued_bytes_ += job->bytes();
  appends_.push_back(std::move(job));
  lock.unlock();
  work_.notify_one();
}

void writer::submit(std::unique_ptr<write_job> job) {
  std::unique_lock lock(mutex_);
  if (const auto refused = out_of_service()) {
    lock.unlock();
    return job->settle(&*refused);
  }
  others_.push_back(std::move(job));
  lock.unlock();
  work_.notify_one();
}

void writer::configure(const options& settings) {
  {
    std::lock_guard lock(mutex_);
    wanted_ = settings;
  }
  work_.notify_one();
}

void writer::keep_to(const options& settings) {
  side_.dedup_window = settings.dedup_window;
  side_.space.configure(settings.min_free_disk, settings.max_size);
}

void writer::fail(const base::error& why) {
  const bool may_pass = why.code == errc::disk_low;
  {
    std::lock_guard lock(mutex_);
    if (failure_ && (may_pass || !wants_room_)) return;
    failure_ = why;
    wants_room_ = may_pass;
    told_.close(errc::read_only);
  }
  if (may_pass) {
    base::log::error("queue: nothing is acknowledged until there is room: {}", why.message());
    work_.notify_one();
  } else {
    base::log::error("queue: the storage failed, nothing is acknowledged any more: {}", why.message());
    calls_.failed(why);
  }
}

bool writer::failed() const {
  std::lock_guard lock(mutex_);
  return failure_.has_value();
}

void writer::drain() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return appends_.empty() && others_.empty() && !wanted_ && !busy_; });
}

void writer::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

/// With the mutex held.
std::optional<base::error> writer::out_of_service() const {
  if (stopping_) return queue::fail(errc::stopped);
  if (failure_) return queue::fail(errc::read_only, failure_->message());
  return std::nullopt;
}

void writer::run() {
  base::name_this_thread("commit");
  while (true) {
    group work;
    std::optional<base::error> failure;
    std::optional<options> limits;
    bool wants_room = false;
    {
      std::unique_lock lock(mutex_);
      wait_for_work(lock);
      if (stopping_ && appends_.empty() && others_.empty()) return;
      work = take();
      limits = std::exchange(wanted_, {});
      busy_ = true;
      wants_room = wants_room_;
      if (failure_) failure = queue::fail(errc::read_only, failure_->message());
    }
    if (limits) keep_to(*limits);
    if (failure)
      settle(work, &*failure);
    else
      commit(work);
    if (wants_room) try_to_reopen();
  }
}

void writer::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto work = [this] { return stopping_ || wanted_ || !appends_.empty() || !others_.empty(); };
  if (!work()) {
    lock.unlock();
    calls_.idle();
    lock.lock();
  }
  busy_ = false;
  if (appends_.empty() && others_.empty() && !wanted_) idle_.notify_all();
  work_.wait(lock, [&] { return work() || wants_room_; });
  if (wants_room_) work_.wait_for(lock, look_for_room_every, work);
}

/// The database is not believed to have recovered: it is opened anew, once there is room. Where there seems
/// to be some and it is not enough, that is no reason to give up what can go on without writing.
void writer::try_to_reopen() {
  side_.space.exhausted();
  measure(true);
  if (!reopening_.due(std::chrono::steady_clock::now(), free_)) return;
  if (side_.space.refusal() == errc::disk_low && !calls_.give_room()) return;
  base::log::warning("queue: it had no room and is opened anew");
  const auto opened = calls_.reopen();
  measure(true);
  reopening_.made(std::chrono::steady_clock::now(), free_);
  if (!opened) {
    put_off(opened.error());
    return;
  }
  {
    std::lock_guard lock(mutex_);
    if (!wants_room_) return;  // it failed for good meanwhile
    failure_.reset();
    wants_room_ = false;
    told_.reopen();  // before another failure can close it again
  }
  told_.publish(side_.books, side_.space);
  calls_.committed(true);
  base::log::info("queue: reopened, events are taken again as soon as there is room for them");
}

/// It could not be reopened. Only what wanted room still may find some.
void writer::put_off(const base::error& why) {
  if (why.code != errc::disk_low) {
    fail(queue::fail(errc::read_only, "it cannot be reopened: " + why.message()));
    return;
  }
  base::log::warning("queue: it stays closed until there is more room: {}", why.message());
  calls_.give_room();
}

/// With the mutex held.
writer::group writer::take() {
  group work;
  std::size_t events = 0, bytes = 0;
  while (!appends_.empty() && (events == 0 || (events + appends_.front()->events() <= most_events &&
                                               bytes + appends_.front()->bytes() <= most_bytes))) {
    events += std::max<std::size_t>(appends_.front()->events(), 1);
    bytes += appends_.front()->bytes();
    work.appends.push_back(std::move(appends_.front()));
    appends_.pop_front();
  }
  queued_bytes_ -= bytes;
  work.room += bytes + events * bytes_of_keys;
  work.others.assign(std::make_move_iterator(others_.begin()), std::make_move_iterator(others_.end()));
  others_.clear();
  return work;
}

void writer::commit(group& work) {
  measure(false);
  if (const auto refusal = side_.space.refusal()) refuse_for_room(work, queue::fail(*refusal));
  rocksdb::WriteBatch batch(work.room);
  side_.first_new = side_.books.where().next;
  append_job::look_up(side_, work.appends);
  for (auto& job : work.appends)
    job->apply(side_, batch);
  const bool appended = side_.books.where().next != side_.first_new;
  std::vector<std::unique_ptr<write_job>> unfinished;
  for (auto& job : work.others)
    if (job->apply(side_, batch) == write_job::progress::more) unfinished.push_back(std::move(job));
  std::erase(work.others, nullptr);
  side_.books.where().ingest.refused += told_.take_refused();
  side_.routing.write_to(batch);
  side_.terms.write_to(batch);
  side_.books.write_to(side_.data, batch);
  side_.fresh.clear();
  side_.settled.clear();
  side_.torn.clear();
  write(work, batch, appended);
  std::lock_guard lock(mutex_);
  others_.insert(others_.begin(), std::make_move_iterator(unfinished.begin()),
                 std::make_move_iterator(unfinished.end()));
}

void writer::refuse_for_room(group& work, const base::error& why) {
  told_.publish(side_.books, side_.space);  // whoever is refused finds the reason in the status
  for (auto& job : work.appends)
    job->settle(&why);
  work.appends.clear();
}

void writer::write(group& work, rocksdb::WriteBatch& batch, bool appended) {
  if (batch.Count() > 0) {
    const auto begin = std::chrono::steady_clock::now();
    const auto status = side_.data.write(batch);
    if (!status.ok()) {
      const auto unknown = queue::fail(errc::unknown, status.ToString());
      fail(translate(status));
      settle(work, &unknown);
      return;
    }
    told_.add_commit(std::chrono::steady_clock::now() - begin);
  }
  told_.publish(side_.books, side_.space);
  const base::mailbox::burst one_wake_up;
  calls_.committed(appended);
  settle(work, nullptr);
}

void writer::settle(group& work, const base::error* failure) {
  for (auto& job : work.appends)
    job->settle(failure);
  for (auto& job : work.others)
    job->settle(failure);
}

void writer::measure(bool even_if_recent) {
  const auto now = std::chrono::steady_clock::now();
  if (!even_if_recent && now - measured_ < measure_every) return;
  measured_ = now;
  free_ = calls_.free_disk();
  side_.space.update(free_, side_.data.is_open() ? side_.data.bytes() : side_.space.size());
  const auto refusal = side_.space.refusal();
  if (failed() || refusal == std::exchange(told_refusal_, refusal)) return;
  if (refusal)
    base::log::warning("queue: events are refused ({}); what is there is delivered", side_.space.explain());
  else
    base::log::info("queue: events are taken again, there is room");
}

}  // namespace cartrelay::queue::rocks
