#include "base/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <cassert>
#include <mutex>

namespace cartrelay::base {

namespace {

thread_local mailbox::burst* current_burst = nullptr;
using callables = std::vector<unique_function<void()>>;
thread_local callables* end_of_run = nullptr;

/// While one lives, what is to run at the end is taken.
class taking_for_the_end {
 public:
  explicit taking_for_the_end(callables& into) { end_of_run = &into; }
  taking_for_the_end(const taking_for_the_end&) = delete;
  taking_for_the_end& operator=(const taking_for_the_end&) = delete;
  ~taking_for_the_end() { end_of_run = nullptr; }
};

/// None is left for another run, also if one of them throws.
void run_all(callables& list) {
  struct emptying {
    callables& list;
    ~emptying() { list.clear(); }
  } const at_the_end{list};
  for (auto& each : list)
    each();
}

}  // namespace

struct mailbox::box {
  explicit box(executor where) : where_(std::move(where)) {}

  static void wake(std::shared_ptr<box> self);
  void run();

  executor where_;
  std::mutex mutex_;
  callables waiting_;
  callables running_, last_;  // owned by the I/O thread; kept for their capacity
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
  {
    const taking_for_the_end taking(last_);
    run_all(running_);
  }
  run_all(last_);
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
