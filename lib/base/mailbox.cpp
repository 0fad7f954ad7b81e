#include "base/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <cassert>
#include <mutex>

namespace cartrelay::base {

namespace {

thread_local mailbox::burst* current_burst = nullptr;
thread_local std::vector<unique_function<void()>>* end_of_run = nullptr;

}  // namespace

struct mailbox::box {
  explicit box(executor where) : where_(std::move(where)) {}

  static void wake(std::shared_ptr<box> self);
  void run();

  executor where_;
  std::mutex mutex_;
  std::vector<unique_function<void()>> waiting_;
  std::vector<unique_function<void()>> running_, last_;  // owned by the I/O thread; kept for their capacity
};

mailbox::mailbox(executor where) : box_(std::make_shared<box>(std::move(where))) {}

void mailbox::push(unique_function<void()> work) const {
  bool first = false;
  {
    std::lock_guard lock(box_->mutex_);
    first = box_->waiting_.empty();
    box_->waiting_.push_back(std::move(work));
  }
  if (!first) return;
  if (current_burst != nullptr)
    current_burst->waiting_.push_back(box_);
  else
    box::wake(box_);
}

void mailbox::box::wake(std::shared_ptr<box> self) {
  const auto where = self->where_;
  boost::asio::post(where, [self = std::move(self)] { self->run(); });
}

void mailbox::box::run() {
  {
    std::lock_guard lock(mutex_);
    running_.swap(waiting_);
  }
  end_of_run = &last_;
  for (auto& work_item : running_)
    work_item();
  running_.clear();
  end_of_run = nullptr;
  for (auto& work_item : last_)
    work_item();
  last_.clear();
}

bool mailbox::at_end_of_run(unique_function<void()> work) {
  if (end_of_run == nullptr) return false;
  end_of_run->push_back(std::move(work));
  return true;
}

executor mailbox::get_executor() const noexcept {
  return box_->where_;
}

mailbox::burst::burst() {
  assert(current_burst == nullptr);
  current_burst = this;
}

mailbox::burst::~burst() {
  current_burst = nullptr;
  for (auto& each : waiting_)
    box::wake(std::move(each));
}

}  // namespace cartrelay::base
