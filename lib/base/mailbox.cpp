#include "base/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <cassert>
#include <mutex>

namespace cartrelay::base {

namespace {

thread_local mailbox::burst* current_burst = nullptr;

}  // namespace

struct mailbox::box {
  explicit box(executor where) : where_(std::move(where)) {}

  static void wake(std::shared_ptr<box> self);

  executor where_;
  std::mutex mutex_;
  std::vector<unique_function<void()>> waiting_;
  std::vector<unique_function<void()>> running_;  // owned by the I/O thread; kept for its capacity
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
  boost::asio::post(where, [self = std::move(self)] {
    {
      std::lock_guard lock(self->mutex_);
      self->running_.swap(self->waiting_);
    }
    for (auto& work_item : self->running_)
      work_item();
    self->running_.clear();
  });
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
