#pragma once

#include "base/mailbox.hpp"

#include <boost/asio/async_result.hpp>

#include <memory>
#include <utility>

namespace cartrelay::base {

/// Where the outcome of an asynchronous call goes: a callable and the I/O thread it runs on. Completing twice
/// or never is a broken promise of the callee; a completion that is destroyed uncalled drops its callable.
template <class T>
class completion {
 public:
  completion(mailbox where, unique_function<void(T)> then)
      : where_(std::move(where)), then_(std::move(then)) {}

  /// From any thread; returns at once, the callable runs later on the I/O thread.
  void operator()(T outcome) {
    where_.push(
        [then = std::move(then_), outcome = std::move(outcome)]() mutable { then(std::move(outcome)); });
  }

 private:
  mailbox where_;
  unique_function<void(T)> then_;
};

/// Turns a call that takes a completion<T> into an awaitable: `auto outcome = co_await
/// await_completion<T>(box, start);` `start` is called with the completion at once, on the awaiting thread;
/// it must be copyable or movable and hold no temporaries.
template <class T, class Start>
task<T> await_completion(const mailbox& where, Start start) {
  auto initiate = [](auto handler, const mailbox& box, Start begin) {
    begin(completion<T>(
        box, [handler = std::move(handler)](T outcome) mutable { std::move(handler)(std::move(outcome)); }));
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<executor>, void(T)>(
      initiate, use_task, where, std::move(start));
}

}  // namespace cartrelay::base
