#pragma once

#include "base/random.hpp"
#include "dispatch/instant.hpp"
#include "http/client.hpp"
#include "simulation/scenario.hpp"
#include "simulation/shop.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cartrelay::simulation {

/// A vendor with moods. It sees what really arrives, so it is the one to notice a broken promise: order,
/// repeats, rate, sizes of batches, and a memory that is not true.
class vendor {
 public:
  vendor(const shop& log, const scenario& how, std::uint64_t seed, dispatch::instant begin,
         base::duration trouble);

  struct answer {
    base::duration after;
    http::outcome outcome;
  };
  /// A request arrives. What it does is done at once; the answer comes later, or never.
  [[nodiscard]] answer receive(const http::request& asked, dispatch::instant now);

  /// A new life of the daemon begins: what was accepted and is not known to have ended may come again, what
  /// was answered about it is forgotten, and the bucket of the rate limit starts anew.
  void daemon_restarted(const std::set<queue::sequence>& unknown);
  /// The settings changed while the daemon ran.
  void settings_changed(const scenario& how);
  /// Such an event begins anew: whatever was answered about it before counts no more.
  void replayed(queue::sequence number);
  /// It was taken, and an answer said so.
  [[nodiscard]] bool confirmed(queue::sequence number) const { return confirmed_.contains(number); }
  /// It arrived, and no answer was given.
  [[nodiscard]] bool left_open(queue::sequence number) const { return left_open_.contains(number); }
  /// One of its keys is among the sick ones, for now.
  [[nodiscard]] bool stumbles_over(const event::event& what) const;
  void heal() { how_.sick_keys = 0; }
  [[nodiscard]] dispatch::instant peace_at() const noexcept { return peace_at_; }

 private:
  enum class mood {
    healthy,
    slow,
    down,
    down_until_told,
    unreachable,
    silent,
    throttling,
    throttling_told,
    refusing
  };
  struct phase {
    base::steady_time until;
    mood how;
  };

  [[nodiscard]] mood mood_at(base::steady_time now);
  [[nodiscard]] answer react(const http::request& asked, dispatch::instant now);
  [[nodiscard]] answer process(const http::request& asked, dispatch::instant now);
  [[nodiscard]] answer answered(int status, base::duration after, std::string retry_after = {});
  void accept(const shop::entry& event);
  void note(const http::request& asked, const http::outcome& answered);
  void check_rate(base::steady_time now);
  void check_batch(const std::vector<const shop::entry*>& batch) const;
  void check_memory(const http::request& asked, const shop::entry& event) const;

  const shop& log_;
  scenario how_;
  base::random_source random_;
  std::deque<phase> phases_;
  dispatch::instant peace_at_;
  std::deque<base::steady_time> arrivals_;  // of one rate limit's life
  std::map<queue::sequence, unsigned> accepted_, excused_;
  std::set<queue::sequence> confirmed_, left_open_;
  std::map<std::string, queue::sequence> newest_;  // accepted, by order key
  std::map<std::string, std::string> stands_;      // the last event of each cart
};

[[nodiscard]] std::vector<const shop::entry*> events_of(const http::request& asked, const shop& log);

}  // namespace cartrelay::simulation
