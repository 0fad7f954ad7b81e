#pragma once

#include "dispatch/attempt.hpp"
#include "dispatch/lane.hpp"
#include "simulation/agenda.hpp"
#include "simulation/page_kind.hpp"
#include "simulation/store.hpp"
#include "simulation/vendor.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cartrelay::simulation {

/// What all lives of a simulated daemon have in common.
struct world {
  agenda& time;
  const shop& log;
  store& queue;
  vendor& partner;
  base::random_source& random;
};

/// One life of the daemon for one destination: does by the agenda what the loop does by coroutines, and
/// drives the very same lane and attempts. Dies without a word when it is destroyed.
class courier {
 public:
  static constexpr std::size_t most_held = 24;  ///< events in memory: a few hundred of them meet the bound

  courier(const world& around, const scenario& how, std::uint64_t seed);
  courier(const courier&) = delete;
  courier& operator=(const courier&) = delete;
  /// A crash: of the step on its way it is open whether the queue took it.
  ~courier();

  void wake();
  void pause(bool paused);
  void change(const scenario& how);
  void replayed(const std::vector<queue::sequence>& numbers);
  [[nodiscard]] bool idle() const;
  [[nodiscard]] dispatch::lane& decisions() noexcept { return *lane_; }
  /// Requests whose answer is awaited hold these events.
  [[nodiscard]] const std::multiset<queue::sequence>& on_the_wire() const noexcept { return on_the_wire_; }

 private:
  struct trip {
    dispatch::batch what;
    std::unique_ptr<dispatch::attempt> made;
    bool first = true;
  };
  using trip_ptr = std::shared_ptr<trip>;

  void later(base::duration wait, std::function<void()> what);
  void pump();
  void read();
  void bring_back(const std::vector<dispatch::lane::returning>& wanted);
  void record(queue::progress step);
  void set_out(dispatch::batch what);
  void go_on(const trip_ptr& mine);
  void send(const trip_ptr& mine, http::request asked);
  void arrive(const trip_ptr& mine, const http::request& asked, const http::outcome& came);
  void come_home(const trip_ptr& mine);
  void alarm();
  void check_departure(const trip& mine);

  const world& around_;
  scenario how_;
  std::optional<scenario> next_;
  std::unique_ptr<page_kind> kind_;
  dispatch::masking hide_;
  std::unique_ptr<dispatch::lane> lane_;
  std::size_t numbers_that_come_back_ = 0;  // in this life: the lane keeps each until its event is there
  bool more_ = true, reading_ = false;
  std::optional<queue::progress> on_its_way_;
  std::vector<std::pair<dispatch::outbox::ticket, trip_ptr>> preparing_;
  std::multiset<queue::sequence> on_the_wire_;
  base::steady_time quiet_until_{};  // Retry-After, as this life was told
  std::optional<base::steady_time> alarm_at_;
  std::optional<dispatch::control> found_;  // what was stored when this life began
  bool asked_ = false, paused_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace cartrelay::simulation
