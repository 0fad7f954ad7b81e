#pragma once

#include "base/timer.hpp"
#include "http/connection.hpp"

#include <boost/intrusive/list.hpp>

#include <deque>
#include <memory>

namespace cartrelay::http {

/// The connections to one origin: at most `max_connections` are in use, those who find none free wait in
/// line. Thread rules: the client's I/O thread. Outlives its permits.
class connection_pool {
 public:
  connection_pool(const base::executor& where, std::size_t max_connections)
      : where_(where), max_in_use_(max_connections) {}

  /// The right to use one connection, given back at the end of its life.
  class permit {
   public:
    explicit permit(connection_pool& pool) noexcept : pool_(pool) {}
    permit(const permit&) = delete;
    permit& operator=(const permit&) = delete;
    ~permit() { pool_.release(); }

   private:
    connection_pool& pool_;
  };

  /// A place, if one is free: it is the caller's then, who makes a permit of it.
  [[nodiscard]] bool acquire_now() noexcept;
  /// Waits for one. False: the client stops.
  [[nodiscard]] base::task<bool> acquire();
  /// A connection that can be used at once, the one used last; or null. Those that rested for longer than
  /// `at_most` are given up.
  [[nodiscard]] std::unique_ptr<connection> take_idle(std::chrono::milliseconds at_most);
  void put_idle(std::unique_ptr<connection> one);
  /// Closes what is idle and sends away those who wait.
  void stop();

 private:
  using hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
  struct waiter : hook {
    explicit waiter(const base::executor& where) : wake(where, base::timer::time_point::max()) {}
    base::timer wake;
    bool granted = false;
  };

  void release() noexcept;

  base::executor where_;
  std::size_t max_in_use_;
  std::size_t in_use_ = 0;
  bool stopped_ = false;
  std::deque<std::unique_ptr<connection>> idle_;
  boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiting_;
};

}  // namespace cartrelay::http
