#include "simulation/courier.hpp"

#include "dispatch/account_mark.hpp"
#include "simulation/violation.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::simulation {
namespace {

using namespace std::chrono_literals;

/// Small, so that a few hundred events meet every bound.
constexpr dispatch::lane_limits tight{courier::most_held, 16, 8, 6};
constexpr std::size_t longest_read = 7;

}  // namespace

courier::courier(const world& around, const scenario& how, std::uint64_t seed)
    : around_(around), how_(how), kind_(std::make_unique<page_kind>(how)), hide_(how.given) {
  found_ = dispatch::parse_control(around_.queue.control()).value();
  paused_ = found_->paused;
  auto stood = around_.queue.acquire(tight.capacity);
  numbers_that_come_back_ = stood.more_exceptions.size();
  lane_ = std::make_unique<dispatch::lane>(how.given, dispatch::batch_rules::of(how.given, *kind_),
                                           std::move(stood), around_.time.now(), seed, tight);
  wake();
}

courier::~courier() {
  if (on_its_way_ && chance(around_.random, 50)) around_.queue.apply(*on_its_way_);
}

void courier::later(base::duration wait, std::function<void()> what) {
  around_.time.in(wait, [alive = std::weak_ptr(alive_), what = std::move(what)] {
    if (!alive.expired()) what();
  });
}

void courier::wake() {
  more_ = true;
  pump();
}

void courier::pump() {
  const auto now = around_.time.now();
  lane_->tick(now);
  if (next_ && lane_->in_flight() == 0 && !reading_) {
    how_ = *std::exchange(next_, std::nullopt);
    kind_ = std::make_unique<page_kind>(how_);
    hide_ = dispatch::masking(how_.given);
    lane_->change(how_.given, dispatch::batch_rules::of(how_.given, *kind_), now);
    // Another credential ends it for good, also where the old one comes back before anything was asked.
    if (found_->suspended && found_->suspended->account != dispatch::account_mark(how_.given))
      found_->suspended.reset();
    around_.partner.settings_changed(how_);
    lane_->close(false);
  }
  if (!reading_) {
    if (const auto wanted = lane_->wants_back(3); !wanted.empty()) {
      reading_ = true;
      later(between(around_.random, 0ms, 5ms), [this, wanted] { bring_back(wanted); });
    } else if (more_ && lane_->wants_events(now)) {
      reading_ = true;
      more_ = false;
      later(between(around_.random, 0ms, 5ms), [this] { read(); });
    }
  }
  while (auto next = lane_->take(now))
    set_out(std::move(*next));
  if (auto step = lane_->step(now)) record(std::move(*step));
  require(lane_->held() <= tight.capacity + longest_read + numbers_that_come_back_,
          "{} events are in memory, and {} were to come back", lane_->held(), numbers_that_come_back_);
  alarm();
}

void courier::alarm() {
  const auto at = lane_->next_wakeup(around_.time.now());
  if (!at || (alarm_at_ && *alarm_at_ <= *at)) return;
  require(*at > around_.time.now().steady || lane_->in_flight() > 0 || !lane_->settled(),
          "it is asked to come back at once, and has nothing to do");
  alarm_at_ = *at;
  later(*at - around_.time.now().steady, [this, mine = *at] {
    if (alarm_at_ == mine) alarm_at_.reset();
    pump();
  });
}

void courier::read() {
  const auto now = around_.time.now();
  auto index = around_.log.index_after(lane_->position());
  const auto& log = around_.log.log();
  for (std::size_t count = 0; index < log.size() && count < longest_read; ++index, ++count)
    lane_->offer(log[index].number, log[index].received_at, dispatch::make_plan(*kind_, *log[index].what),
                 now);
  if (index < log.size()) more_ = true;
  reading_ = false;
  pump();
}

void courier::bring_back(const std::vector<dispatch::lane::returning>& wanted) {
  const auto now = around_.time.now();
  for (const auto& one : wanted) {
    const auto* entry = around_.log.find(one.number);
    std::optional<queue::exception> row;
    if (one.needs_row) {
      const auto* stored = around_.queue.row_of(one.number);
      if (!stored) {
        lane_->forget(one.number);
        continue;
      }
      row = *stored;
    }
    lane_->bring_back(one.number, entry->received_at, dispatch::make_plan(*kind_, *entry->what),
                      std::move(row), now);
  }
  reading_ = false;
  pump();
}

void courier::record(queue::progress step) {
  on_its_way_ = std::move(step);
  const bool refused = around_.random.fraction() < how_.refused_commits;
  later(between(around_.random, 0ms, how_.commit_time), [this, refused] {
    const auto taken = std::exchange(on_its_way_, std::nullopt);
    if (refused) {
      lane_->refused(around_.time.now());
    } else {
      around_.queue.apply(*taken);
      lane_->committed();
    }
    for (auto& [due, mine] : std::exchange(preparing_, {}))
      if (lane_->records().durable(due))
        go_on(mine);
      else
        preparing_.emplace_back(due, std::move(mine));
    pump();
  });
}

void courier::set_out(dispatch::batch what) {
  require(!paused_, "a paused destination sends");
  auto mine = std::make_shared<trip>();
  std::vector<event::event_ptr> events;
  destinations::memory known;
  for (const auto number : what.numbers) {
    events.push_back(around_.log.find(number)->what);
    for (const auto& key : kind_->memory_keys(*events.back())) {
      auto value = lane_->records().remembered(key);
      if (!value) value = around_.queue.remembered(key);
      if (*value) known[key] = **value;
    }
  }
  mine->what = std::move(what);
  const auto now = around_.time.now();
  mine->made = std::make_unique<dispatch::attempt>(mine->what, events, std::move(known), *kind_, hide_,
                                                   dispatch::account_mark(how_.given), now);
  if (const auto due = lane_->prepare(mine->what, mine->made->changes_before(), now))
    preparing_.emplace_back(*due, mine);
  else
    later(0ms, [this, mine] { go_on(mine); });
}

void courier::go_on(const trip_ptr& mine) {
  const auto now = around_.time.now();
  auto asked = mine->made->next(now);
  if (!asked) {
    come_home(mine);
    return;
  }
  send(mine, *asked);
}

void courier::send(const trip_ptr& mine, http::request asked) {
  const auto now = around_.time.now();
  if (lane_->gates().interrupts(mine->what.probe, now)) {
    mine->made->abandon("to be left alone");
    come_home(mine);
    return;
  }
  if (const auto turn = lane_->gates().admit(mine->first, now)) {
    later(*turn - now.steady, [this, mine, asked = std::move(asked)] { send(mine, asked); });
    return;
  }
  mine->first = false;
  check_departure(*mine);
  auto answer = around_.partner.receive(asked, now);
  on_the_wire_.insert(mine->what.numbers.begin(), mine->what.numbers.end());
  later(answer.after, [this, mine, asked = std::move(asked), came = std::move(answer.outcome), sent = now] {
    const bool overloaded = !came || came->status == 429 || came->status == 503;
    lane_->gates().measure(overloaded, around_.time.now().steady - sent.steady, around_.time.now());
    arrive(mine, asked, came);
  });
}

void courier::arrive(const trip_ptr& mine, const http::request& asked, const http::outcome& came) {
  static_cast<void>(asked);
  for (const auto number : mine->what.numbers)
    on_the_wire_.erase(on_the_wire_.find(number));
  const auto now = around_.time.now();
  if (came)
    if (const auto told = came->headers.find("Retry-After")) {
      const auto wait = std::min<base::duration>(std::chrono::seconds(std::stoi(std::string(*told))), 1h);
      quiet_until_ = std::max(quiet_until_, now.steady + wait);
    }
  mine->made->take(came, now);
  go_on(mine);
}

void courier::come_home(const trip_ptr& mine) {
  lane_->finish(mine->what, mine->made->result(), around_.time.now());
  pump();
}

/// Nothing leaves that should not.
void courier::check_departure(const trip& mine) {
  const auto now = around_.time.now();
  require(now.steady >= quiet_until_, "a request goes out although the vendor asked to be left alone");
  if (found_->held)
    require(now.wall >= found_->held->until, "a restart forgot that the vendor asked for quiet");
  if (const auto& refused = found_->suspended;
      refused && !asked_ && refused->account == dispatch::account_mark(how_.given))
    require(mine.what.probe && now.wall >= refused->next_probe, "a restart forgot the suspension");
  asked_ = true;
  for (const auto number : mine.what.numbers) {
    require(around_.queue.end_of(number) == nullptr, "event {} has ended and is sent", number);
    if (how_.given.on_in_doubt == destinations::on_in_doubt::dead_letter) {
      const auto* row = around_.queue.row_of(number);
      require(row && row->marked, "event {} is sent without a mark", number);
    }
    const auto* row = around_.queue.row_of(number);
    if (row && row->next_attempt)
      require(now.wall >= *row->next_attempt, "event {} is sent too early", number);
  }
}

void courier::pause(bool paused) {
  const auto now = around_.time.now();
  static_cast<void>(lane_->pause(paused, now));
  // One that is not paused is to be tried at once.
  if (!paused && !paused_ && found_->suspended)
    found_->suspended->next_probe = std::min(found_->suspended->next_probe, now.wall);
  paused_ = paused;
  pump();
}

void courier::change(const scenario& how) {
  lane_->close(true);
  next_ = how;
  pump();
}

void courier::replayed(const std::vector<queue::sequence>& numbers) {
  lane_->replayed(numbers);
  numbers_that_come_back_ += numbers.size();
  pump();
}

bool courier::idle() const {
  return lane_->in_flight() == 0 && lane_->held() == 0 && lane_->settled() && !reading_ &&
         around_.log.index_after(lane_->position()) == around_.log.log().size();
}

}  // namespace cartrelay::simulation
