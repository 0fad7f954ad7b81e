#pragma once

#include "base/task.hpp"
#include "base/unique_function.hpp"

#include <memory>
#include <vector>

namespace cartrelay::base {

/// Carries callables from any thread to one I/O thread. However many are pushed while that thread is busy, it
/// is woken once, and runs them in the order they were pushed: a commit group's answers cost one wake-up. One
/// that throws takes those behind it in its run along; the exception leaves by io_context::run().
///
/// Thread rules: push() from any thread; the callables run on the I/O thread. What is still undelivered when
/// the io_context is destroyed is dropped. Copies refer to the same box; the io_context must outlive the last
/// push().
class mailbox {
 public:
  explicit mailbox(executor where);

  void push(unique_function<void()> work) const;
  /// On an I/O thread, from one of those callables: `work` runs after the last of them that came together,
  /// or, where one of them throws, after those that come next. False elsewhere: then it is not kept.
  static bool at_end_of_run(unique_function<void()> work);
  [[nodiscard]] executor get_executor() const noexcept;

  class burst;

 private:
  struct box;
  std::shared_ptr<box> box_;
};

/// While one lives, what its thread pushes lies in the boxes without waking anybody; its end wakes each I/O
/// thread once. Otherwise a thread that was woken by the first of many callables has run it before the next
/// is pushed, and is woken again. Short-lived; they do not nest.
class mailbox::burst {
 public:
  burst();
  burst(const burst&) = delete;
  burst& operator=(const burst&) = delete;
  ~burst();

 private:
  friend class mailbox;
  std::vector<std::shared_ptr<box>> waiting_;
};

}  // namespace cartrelay::base
