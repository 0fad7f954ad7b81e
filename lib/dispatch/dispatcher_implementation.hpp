#pragma once

#include "base/task_group.hpp"
#include "dispatch/bygone.hpp"
#include "dispatch/destination_loop.hpp"
#include "dispatch/dispatcher.hpp"
#include "dispatch/erasures.hpp"
#include "dispatch/replay.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::dispatch {

using loop_ptr = std::unique_ptr<destination_loop>;

[[nodiscard]] inline bool holds_events(const queue::totals& counts) noexcept {
  return counts.backlog() > 0 || counts.dead_letters > 0;
}

/// What a dispatcher is made of; its own files alone include this.
class dispatcher::implementation {
 public:
  implementation(base::executor where, queue::engine& log, const base::clock& time, std::uint64_t seed,
                 factories make)
      : box_(where),
        reader_(where, log, box_),
        around_{where, box_, log, time, reader_},
        make_(std::move(make)),
        seed_(seed),
        leaving_(where),
        erasing_(around_, [this](const erasures::visitor& visit) { visit_all(visit); }),
        routes_(std::make_shared<std::vector<route>>()) {}

  base::task<base::result<change_report>> apply(std::vector<destinations::options> all);
  base::task<> stop(std::chrono::milliseconds drain);
  base::task<base::result<bool>> pause(std::string name, bool paused);
  base::task<base::result<std::size_t>> replay(queue::dead_letter_selection which);
  base::task<base::result<std::size_t>> discard(queue::dead_letter_selection which);
  void watch_log();
  /// Also those that have not begun yet, and those that are leaving.
  void visit_all(const erasures::visitor& visit) const;

  routing_table routes() const { return routes_; }
  std::vector<destination_status> status(const queue::queue_stats& held) const;
  erasures& erasing() noexcept { return erasing_; }
  const surroundings& around() const noexcept { return around_; }
  void grow_old() { reader_.grow_old(); }

 private:
  struct plan;

  [[nodiscard]] destination_loop* find(const std::string& name) const;
  /// The name of a destination that has, or is about to get, a loop is nobody else's.
  [[nodiscard]] bool is_in_use(const std::string& name) const;
  void tell_replayed(destination_loop& loop, const numbers_by_destination& what);
  void tell_settled(queue::destination_id id, std::size_t count, std::string_view how) const;
  [[nodiscard]] std::string name_of(queue::destination_id id) const;
  base::task<base::result<std::size_t>> clear(queue::destination_id id);
  [[nodiscard]] destination_status status_of_gone(const queue::destination_stats& one) const;
  void look_at_gone();
  base::task<> look_at(queue::destination_id id, std::string name);
  base::task<base::result<change_report>> apply_whole(std::vector<destinations::options> all);
  base::result<void> prepare(plan& next);
  [[nodiscard]] base::result<void> check_kinds(const plan& next) const;
  [[nodiscard]] base::result<void> check_kind(const std::string& before,
                                              const destinations::options& given) const;
  base::task<base::result<loop_ptr>> open(std::unique_ptr<equipment> with);
  base::task<> until_left(std::string name);
  base::task<> see_off(std::shared_ptr<destination_loop> leaving);
  void take_over(plan& next);

  base::mailbox box_;
  log_reader reader_;
  surroundings around_;
  factories make_;
  std::uint64_t seed_;
  std::vector<loop_ptr> loops_;   // in the order of the configuration
  std::vector<loop_ptr> opened_;  // by the configuration on its way in: they have not begun
  std::map<std::string, std::shared_ptr<destination_loop>> going_;
  std::map<std::string, bygone> gone_;         // what is shown of those without a loop
  std::set<std::string> clearing_;             // being discarded: the lease is taken
  std::set<std::string> opening_;              // by the configuration on its way in
  numbers_by_destination replayed_meanwhile_;  // which those loops may not have found when they were opened
  base::task_group leaving_;
  erasures erasing_;
  routing_table routes_;
  bool stopping_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace cartrelay::dispatch
