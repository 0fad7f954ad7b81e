#include "http/resolver.hpp"

#include "base/mailbox.hpp"
#include "base/thread.hpp"

#include <netdb.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace cartrelay::http {
namespace {

using boost::asio::ip::tcp;

constexpr std::chrono::seconds kept_for{30};

base::error unresolved(std::string detail) {
  return {boost::system::errc::make_error_code(boost::system::errc::host_unreachable), std::move(detail)};
}

/// What getaddrinfo() finds; `fault` says why nothing.
resolver::addresses look_up(const std::string& host, const std::string& port, std::string& fault) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
  resolver::addresses found;
  for (const auto* one = list; code == 0 && one != nullptr; one = one->ai_next) {
    tcp::endpoint address;
    address.resize(one->ai_addrlen);
    std::memcpy(address.data(), one->ai_addr, one->ai_addrlen);
    found.push_back(address);
  }
  if (code == 0) ::freeaddrinfo(list);
  fault = code == 0 ? "the name has no address" : ::gai_strerror(code);
  return found;
}

}  // namespace

struct resolver::worker {
  struct question {
    std::string host;
    std::string port;
  };

  explicit worker(const base::executor& where) : answers(where) {}

  /// The thread: owns its worker, so that it may outlive the resolver.
  static void run(std::shared_ptr<worker> self, std::weak_ptr<resolver> asker) {
    base::name_this_thread("resolver");
    std::unique_lock lock(self->mutex);
    while (true) {
      self->changed.wait(lock, [&] { return self->stopped || !self->questions.empty(); });
      if (self->stopped) return;
      const auto next = std::move(self->questions.front());
      self->questions.pop_front();
      self->busy = true;
      lock.unlock();
      std::string fault;
      auto found = look_up(next.host, next.port, fault);
      lock.lock();
      self->busy = false;
      if (self->stopped) return;  // there may be no I/O thread any more
      self->answers.push([asker, key = next.host + ":" + next.port, found = std::move(found), fault] {
        if (const auto resolver = asker.lock()) resolver->arrived(key, found, fault);
      });
    }
  }

  /// False: it is in the middle of a look-up.
  bool stop() {
    const std::lock_guard lock(mutex);
    stopped = true;
    changed.notify_one();
    return !busy;
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<question> questions;
  bool stopped = false;
  bool busy = false;
  base::mailbox answers;
  std::thread thread;  // the I/O thread's
};

resolver::resolver(const base::executor& where) : where_(where) {}

resolver::~resolver() {
  stop();
}

base::task<base::result<resolver::addresses>> resolver::resolve(std::string host, std::string port,
                                                                std::chrono::milliseconds timeout) {
  const auto self = shared_from_this();
  boost::system::error_code not_numeric;
  const auto address = boost::asio::ip::make_address(host, not_numeric);
  if (!not_numeric) co_return addresses{tcp::endpoint(address, static_cast<std::uint16_t>(std::stoul(port)))};

  auto& what = names_[host + ":" + port];
  if (!what.found.empty() && std::chrono::steady_clock::now() < what.good_until) co_return what.found;
  if (stopped_) co_return unresolved("stopping");
  if (!what.asking && !ask(host, port, what)) co_return unresolved("no thread for the look-up");
  waiter me(where_);
  what.waiting.push_back(me);
  me.wake.expires_after(timeout);
  co_await me.wake.async_wait(base::as_result);
  if (stopped_) co_return unresolved("stopping");
  if (what.asking) co_return unresolved("the name server does not answer");
  if (what.found.empty()) co_return unresolved(what.fault);
  co_return what.found;
}

bool resolver::ask(const std::string& host, const std::string& port, name& what) {
  if (!worker_ && !hire()) return false;
  what.asking = true;
  const std::lock_guard lock(worker_->mutex);
  worker_->questions.push_back({host, port});
  worker_->changed.notify_one();
  return true;
}

bool resolver::hire() {
  const auto made = std::make_shared<worker>(where_);
  try {
    made->thread = std::thread(&worker::run, made, weak_from_this());
  } catch (const std::system_error&) {
    return false;
  }
  worker_ = made;
  return true;
}

void resolver::arrived(const std::string& key, addresses found, std::string fault) {
  auto& what = names_[key];
  what.asking = false;
  what.found = std::move(found);
  move_to_front(what);
  what.fault = std::move(fault);
  what.good_until = std::chrono::steady_clock::now() + kept_for;
  for (auto& one : what.waiting)
    one.wake.cancel();
}

void resolver::prefer(const std::string& host, const std::string& port, const tcp::endpoint& address) {
  const auto known = names_.find(host + ":" + port);
  if (known == names_.end()) return;
  auto& what = known->second;
  if (!what.found.empty() && what.found.front() == address) return;
  what.preferred = address;
  move_to_front(what);
}

void resolver::move_to_front(name& what) {
  if (!what.preferred) return;
  const auto at = std::find(what.found.begin(), what.found.end(), *what.preferred);
  if (at != what.found.end()) std::rotate(what.found.begin(), at, at + 1);
}

void resolver::stop() {
  stopped_ = true;
  for (auto& [key, what] : names_)
    for (auto& one : what.waiting)
      one.wake.cancel();
  if (!worker_ || !worker_->thread.joinable()) return;
  if (worker_->stop())
    worker_->thread.join();
  else
    worker_->thread.detach();
}

}  // namespace cartrelay::http
