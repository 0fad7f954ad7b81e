#include "bench/load/driver.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cartrelay::bench {
namespace {

constexpr auto reopen_every = std::chrono::milliseconds(20);
constexpr auto patience_at_end = std::chrono::seconds(30);

}  // namespace

struct driver::lane {
  std::unique_ptr<line> connection;
  std::string out, in;
  std::string_view unwritten;  // of out
  std::uint64_t first_event = 0;
  load_clock::time_point due, sent;
  bool waiting = false;  // for an answer
};

driver::driver(load_options settings, const protocol& how, std::function<void(const finished_request&)> told)
    : settings_(std::move(settings)),
      how_(how),
      told_(std::move(told)),
      tls_(tls_settings(settings_.where)),
      poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  result_.next_event = settings_.first_event;
  for (std::size_t i = 0; i < settings_.connections; ++i) {
    lanes_.push_back(std::make_unique<lane>());
    open(*lanes_.back());
    idle_.push_back(lanes_.back().get());
  }
}

driver::~driver() {
  ::close(poll_);
}

void driver::open(lane& each) {
  each.connection = std::make_unique<line>(settings_.where, tls_.get());
  each.in.clear();
  greet(each);
  // Edge-triggered and for both directions at once: nothing has to be changed per request.
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.ptr = &each;
  ::epoll_ctl(poll_, EPOLL_CTL_ADD, each.connection->fd(), &wanted);
}

/// Before the measurement: waiting in turn does no harm.
void driver::greet(lane& each) {
  for (const auto& part : how_.greeting()) {
    std::string_view rest = part;
    if (each.connection->write(rest) != line::state::all)
      throw std::runtime_error("the greeting cannot be sent");
    answer found;
    while (found.size == 0) {
      if (each.connection->read(each.in) == line::state::closed)
        throw std::runtime_error("the server hung up on the greeting");
      found = how_.read_answer(each.in);
    }
    if (found.status >= 300) throw std::runtime_error("the server refused the greeting: " + each.in);
    each.in.erase(0, found.size);
  }
}

load_result driver::run() {
  begin_ = load_clock::now();
  end_ = begin_ + settings_.duration;
  next_due_ = begin_;
  auto now = begin_;
  while (may_start(now) || busy_ > 0) {
    if (now > end_ + patience_at_end) {
      result_.broken += busy_;
      break;
    }
    reopen_lost(now);
    start_due(now);
    wait(settings_.rate > 0 && !idle_.empty() && may_start(now) ? next_due_
                                                                : now + std::chrono::milliseconds(100));
    now = load_clock::now();
  }
  result_.measured = std::min(now, end_) - begin_ - settings_.warm_up;
  return std::move(result_);
}

bool driver::may_start(load_clock::time_point now) const {
  return now < end_ && (settings_.requests == 0 || started_ < settings_.requests);
}

void driver::start_due(load_clock::time_point now) {
  while (!idle_.empty() && may_start(now) && (settings_.rate <= 0 || next_due_ <= now)) {
    auto& each = *idle_.front();
    idle_.pop_front();
    start(each, settings_.rate > 0 ? next_due_ : now);
  }
}

void driver::start(lane& each, load_clock::time_point due) {
  ++started_;
  if (settings_.rate > 0)
    next_due_ = begin_ + std::chrono::nanoseconds(
                             static_cast<std::int64_t>(static_cast<double>(started_) * 1e9 / settings_.rate));
  each.first_event = result_.next_event;
  result_.next_event += settings_.events_per_request;
  each.out.clear();
  how_.append_request(each.out, each.first_event, settings_.events_per_request);
  each.unwritten = each.out;
  each.waiting = true;
  ++busy_;
  each.sent = load_clock::now();
  each.due = settings_.rate > 0 ? due : each.sent;
  write(each);
}

void driver::write(lane& each) {
  if (each.connection->write(each.unwritten) == line::state::closed) lose(each);
}

void driver::wait(load_clock::time_point until) {
  const auto span =
      std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(until - load_clock::now()));
  const timespec limit{span.count() / 1'000'000'000, span.count() % 1'000'000'000};
  std::array<epoll_event, 256> ready;
  const int count = ::epoll_pwait2(poll_, ready.data(), static_cast<int>(ready.size()), &limit, nullptr);
  for (int i = 0; i < count; ++i)
    on_ready(*static_cast<lane*>(ready[static_cast<std::size_t>(i)].data.ptr));
}

void driver::on_ready(lane& each) {
  if (!each.connection) return;
  if (!each.unwritten.empty()) write(each);
  if (each.connection && each.waiting) take_answers(each);
}

void driver::take_answers(lane& each) {
  while (each.waiting) {
    const auto found = each.in.empty() ? answer{} : how_.read_answer(each.in);
    if (found.size > 0) {
      each.in.erase(0, found.size);
      finish(each, found);
      continue;
    }
    const auto read = each.connection->read(each.in);
    if (read == line::state::blocked) return;
    if (read == line::state::closed) {
      lose(each);
      return;
    }
  }
}

void driver::finish(lane& each, const answer& how) {
  const auto now = load_clock::now();
  each.waiting = false;
  --busy_;
  const bool counts = now >= begin_ + settings_.warm_up && now < end_;
  if (counts) {
    ++result_.answers[how.status];
    if (how.status < 300) result_.latency.add(now - each.due);
  }
  if (told_) told_({each.first_event, how.status, each.due, each.sent, now});
  if (how.last) open(each);
  if (settings_.rate <= 0 && may_start(now))
    start(each, now);
  else
    idle_.push_back(&each);
}

void driver::lose(lane& each) {
  if (!settings_.reconnect) throw std::runtime_error("the server closed a connection");
  if (each.waiting) {
    --busy_;
    ++result_.broken;
    if (told_) told_({each.first_event, 0, each.due, each.sent, load_clock::now()});
  }
  each.waiting = false;
  each.unwritten = {};
  each.connection.reset();
  std::erase(idle_, &each);
  lost_.push_back(&each);
  reopen_at_ = load_clock::now() + reopen_every;
}

void driver::reopen_lost(load_clock::time_point now) {
  if (lost_.empty() || now < reopen_at_) return;
  reopen_at_ = now + reopen_every;
  while (!lost_.empty()) {
    auto& each = *lost_.front();
    try {
      open(each);
    } catch (const std::runtime_error&) {
      each.connection.reset();
      return;  // nobody listens yet
    }
    lost_.pop_front();
    idle_.push_back(&each);
  }
}

}  // namespace cartrelay::bench
