#pragma once

#include "base/time.hpp"
#include "base/timer.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <memory>

namespace cartrelay::http {

/// Something that may take too long. Leaves the watch by itself when destroyed.
class watched
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  watched() = default;
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;
  virtual ~watched() = default;

  void expires_after(std::chrono::milliseconds span);
  void expires_at(base::steady_time deadline) noexcept { deadline_ = deadline; }
  void never_expires() noexcept { deadline_ = base::steady_time::max(); }
  /// For good: a watch ticks as long as it has anything to look at.
  void leave_watch() noexcept {
    if (is_linked()) unlink();
  }

 private:
  friend class deadline_watch;
  /// The deadline passed, up to a tick ago. Called again at every tick until the deadline is moved, because
  /// what is cancelled may just have begun its next step. Must not destroy a watched object nor resume a
  /// coroutine: it marks and cancels, and may leave the watch.
  virtual void on_deadline() noexcept = 0;

  base::steady_time deadline_ = base::steady_time::max();
};

/// Looks at the deadlines of many connections every tick, instead of a timer per operation: setting one is a
/// store to memory. Sleeps while nothing is watched.
///
/// Thread rules: everything on one I/O thread. Deadlines are late by up to a tick.
class deadline_watch : public std::enable_shared_from_this<deadline_watch> {
 public:
  static constexpr std::chrono::milliseconds tick{100};

  explicit deadline_watch(const base::executor& where) : timer_(where) {}

  void add(watched& one);
  void stop() noexcept;

 private:
  void arm();
  void look();

  base::timer timer_;
  boost::intrusive::list<watched, boost::intrusive::constant_time_size<false>> all_;
  bool ticking_ = false;
};

}  // namespace cartrelay::http
