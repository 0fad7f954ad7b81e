#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace cartrelay::base {

/// A callable that is owned once and called once or more; what std::move_only_function is in C++23.
template <class Signature>
class unique_function;

template <class R, class... Args>
class unique_function<R(Args...)> {
 public:
  unique_function() = default;

  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, unique_function> && std::is_invocable_r_v<R, F&, Args...>)
      unique_function(
          F&& callable)  // NOLINT(google-explicit-constructor): stands wherever a callable is given
      : target_(std::make_unique<holder<std::remove_cvref_t<F>>>(std::forward<F>(callable))) {}

  explicit operator bool() const noexcept { return target_ != nullptr; }
  R operator()(Args... args) { return target_->call(std::forward<Args>(args)...); }

 private:
  struct callable_base {
    virtual ~callable_base() = default;
    virtual R call(Args... args) = 0;
  };
  template <class F>
  struct holder final : callable_base {
    template <class G>
    explicit holder(G&& callable) : callable_(std::forward<G>(callable)) {}
    R call(Args... args) override { return callable_(std::forward<Args>(args)...); }
    F callable_;
  };
  std::unique_ptr<callable_base> target_;
};

}  // namespace cartrelay::base
