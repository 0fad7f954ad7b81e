#include "simulation/run.hpp"

#include "simulation/courier.hpp"
#include "simulation/violation.hpp"

#include <algorithm>
#include <map>

namespace cartrelay::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 6h;  // of simulated time, after the trouble is over
/// So many of the longest waits of a retry, and what the requests take at the slowest rate: by then the
/// vendor has what it copes with, whatever else it stumbles over.
constexpr auto probes = 5;
constexpr auto slowest = 10min;

class story {
 public:
  story(std::uint64_t seed, unsigned sick_keys)
      : random_(seed),
        how_(sick_keys > 0 ? scenario::draw_stumbling(random_, sick_keys) : scenario::draw(random_)),
        log_(random_.below(1u << 30)),
        queue_(log_),
        partner_(log_, how_, random_.below(1u << 30), time_.now(), trouble_) {}

  summary tell();

 private:
  void plan_posts();
  void plan_trouble();
  void post();
  void crash();
  void replay();
  void change();
  void pause(bool paused);
  void begin_life();
  void make_peace();
  void heal();
  [[nodiscard]] std::set<queue::sequence> unended() const;
  void check_doubts();
  void check_well() const;
  void check_end(const queue::end& what) const;

  base::random_source random_;
  base::duration trouble_ = 90s;
  scenario how_;
  agenda time_;
  shop log_;
  store queue_;
  vendor partner_;
  world around_{time_, log_, queue_, partner_, random_};
  std::unique_ptr<courier> daemon_;
  std::set<queue::sequence> doubtful_;  // on the wire at a crash, where a repeat may do harm
  std::set<queue::sequence> marked_;    // at a crash
  bool peace_ = false;
  summary told_;
};

summary story::tell() {
  begin_life();
  plan_posts();
  plan_trouble();
  time_.at(partner_.peace_at().steady, [this] { make_peace(); });
  if (how_.sick_keys > 0)
    time_.at(partner_.peace_at().steady + probes * how_.given.retry.max + slowest, [this] { heal(); });
  while (!peace_ || !daemon_->idle()) {
    if (!time_.step()) break;
    check_doubts();
    require(time_.now().steady < partner_.peace_at().steady + patience,
            "after {} h events are still pending: {}", patience.count(), queue_.backlog());
  }
  require(daemon_->idle(), "nothing is left to happen, and {} events are pending", queue_.backlog());
  queue_.require_all_ended();
  std::map<queue::end_state, int> count;
  for (const auto& entry : log_.log()) {
    const auto& end = *queue_.end_of(entry.number);
    check_end(end);
    ++count[end.state];
  }
  told_.events = log_.log().size();
  for (const auto& [state, number] : count)
    told_.words += fmt::format(" state {}: {}", static_cast<int>(state), number);
  return told_;
}

void story::begin_life() {
  partner_.settings_changed(how_);
  daemon_ = std::make_unique<courier>(around_, how_, random_.below(1u << 30));
}

void story::plan_posts() {
  const auto events = 20 + random_.below(130);
  base::duration at = 0s;
  for (std::size_t i = 0; i < events; ++i) {
    if (chance(random_, 70)) at += between(random_, 0ms, 1'500ms);
    time_.in(std::min(at, trouble_), [this] { post(); });
  }
}

void story::post() {
  log_.post(time_.now().wall);
  daemon_->wake();
}

void story::plan_trouble() {
  const auto sometime = [this] { return between(random_, 0ms, 90s); };
  for (auto left = random_.below(5); left > 0; --left)
    time_.in(sometime(), [this] { crash(); });
  for (auto left = random_.below(3); left > 0; --left)
    time_.in(sometime(), [this] { replay(); });
  for (auto left = random_.below(3); left > 0; --left)
    time_.in(sometime(), [this] { change(); });
  if (!chance(random_, 25)) return;
  const auto from = sometime();
  time_.in(from, [this] { pause(true); });
  time_.in(from + between(random_, 1s, 40s), [this] { pause(false); });
}

void story::crash() {
  ++told_.crashes;
  const auto wire = daemon_->on_the_wire();
  daemon_.reset();
  if (how_.given.on_in_doubt == destinations::on_in_doubt::dead_letter)
    for (const auto number : wire)
      if (!queue_.end_of(number)) doubtful_.insert(number);
  const auto open = unended();
  for (const auto number : open)
    if (const auto* row = queue_.row_of(number); row && row->marked) marked_.insert(number);
  partner_.daemon_restarted(open);
  begin_life();
}

/// What was on its way when the daemon died, and must not be sent twice, is given up and not sent.
void story::check_doubts() {
  std::erase_if(doubtful_, [&](queue::sequence number) {
    require(!daemon_->on_the_wire().contains(number), "event {} is sent again, which may do harm", number);
    const auto* end = queue_.end_of(number);
    if (!end) return false;
    require(end->reason == "in_doubt", "event {} was in doubt and ended as {}", number, end->reason);
    return true;
  });
}

/// What the daemon says became of an event, held against what its vendor saw and what the clock said.
void story::check_end(const queue::end& what) const {
  const auto number = what.number;
  switch (what.state) {
    case queue::end_state::delivered:
      require(partner_.confirmed(number), "event {} is delivered, and its vendor never said so", number);
      break;
    case queue::end_state::expired:
      require(what.at - queue_.age_from(number) >= how_.given.retry.max_age,
              "event {} expired before its time", number);
      break;
    case queue::end_state::dead_letter:
      if (what.reason != "in_doubt") break;
      require(how_.given.on_in_doubt == destinations::on_in_doubt::dead_letter,
              "event {} is given up as in doubt, where it may be sent again", number);
      require(marked_.contains(number) || partner_.left_open(number),
              "event {} is in doubt, and nothing of it was left open", number);
      break;
    default:
      break;
  }
}

/// What shares no key with an event that the vendor stumbles over is with the vendor by now. What lies behind
/// as many such events as a lane holds has not been read.
void story::check_well() const {
  std::set<std::string> held_back;
  std::size_t waiting = 0;
  for (const auto number : unended()) {
    const auto& what = *log_.find(number)->what;
    const auto keys = keys_of(what);
    const bool waits = partner_.stumbles_over(what) ||
                       std::ranges::any_of(keys, [&](const auto& key) { return held_back.contains(key); });
    require(waits, "{} suffers by events of other keys", what.id);
    held_back.insert(keys.begin(), keys.end());
    if (++waiting == courier::most_held) return;
  }
}

/// In the end the vendor copes with every key.
void story::heal() {
  check_well();
  partner_.heal();
  how_.sick_keys = 0;
}

std::set<queue::sequence> story::unended() const {
  std::set<queue::sequence> out;
  for (const auto& entry : log_.log())
    if (!queue_.end_of(entry.number)) out.insert(entry.number);
  return out;
}

void story::replay() {
  auto numbers = queue_.dead_letters();
  if (numbers.empty()) return;
  ++told_.replays;
  if (chance(random_, 50)) numbers.resize(1 + random_.below(numbers.size()));
  queue_.requeue(numbers, time_.now().wall);
  for (const auto number : numbers) {
    partner_.replayed(number);
    marked_.erase(number);
  }
  daemon_->replayed(numbers);
}

void story::change() {
  ++told_.changes;
  auto& given = how_.given;
  given.concurrency = 1 + random_.below(8);
  if (chance(random_, 50)) given.secret = base::secret(chance(random_, 50) ? "first" : "second");
  if (chance(random_, 50)) given.rate.per_second = static_cast<double>(random_.below(40));
  if (given.batch.max_events > 1 && chance(random_, 50)) given.batch.max_events = 2 + random_.below(30);
  if (chance(random_, 20)) how_.supersedes = !how_.supersedes;
  daemon_->change(how_);
}

void story::pause(bool paused) {
  daemon_->pause(paused);
}

/// From here on everything goes well. An operator lifts a pause that a crash made durable too late or too
/// early.
void story::make_peace() {
  peace_ = true;
  how_.refused_commits = 0;
  daemon_->change(how_);
  daemon_->pause(false);
}

}  // namespace

summary run(std::uint64_t seed, unsigned sick_keys) {
  return story(seed, sick_keys).tell();
}

}  // namespace cartrelay::simulation
