#include "base/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <mutex>
#include <vector>

namespace cartrelay::base {

struct mailbox::box {
  explicit box(executor where) : where_(std::move(where)) {}

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
  boost::asio::post(box_->where_, [box = box_] {
    {
      std::lock_guard lock(box->mutex_);
      box->running_.swap(box->waiting_);
    }
    for (auto& work_item : box->running_)
      work_item();
    box->running_.clear();
  });
}

executor mailbox::get_executor() const noexcept {
  return box_->where_;
}

}  // namespace cartrelay::base
