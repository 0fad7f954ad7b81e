#include "queue/rocksdb/worker.hpp"

#include "base/thread.hpp"

#include <cassert>
#include <utility>

namespace cartrelay::queue::rocks {

worker::worker(std::string name) : name_(std::move(name)), thread_([this] { run(); }) {}

worker::~worker() {
  stop();
}

void worker::post(base::unique_function<void()> job) {
  {
    std::lock_guard lock(mutex_);
    assert(!stopping_);
    jobs_.push_back(std::move(job));
  }
  work_.notify_one();
}

void worker::drain() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return jobs_.empty() && !busy_; });
}

void worker::alone(const std::function<void()>& what) {
  std::unique_lock lock(mutex_);
  barred_ = true;
  idle_.wait(lock, [this] { return !busy_; });
  lock.unlock();
  what();
  lock.lock();
  barred_ = false;
  work_.notify_one();
}

void worker::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void worker::run() {
  base::name_this_thread(name_);
  base::step_back();
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return !barred_ && (stopping_ || !jobs_.empty()); });
    if (jobs_.empty()) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    busy_ = true;
    lock.unlock();
    job();
    job = {};
    lock.lock();
    busy_ = false;
    if (jobs_.empty() || barred_) idle_.notify_all();
  }
}

}  // namespace cartrelay::queue::rocks
