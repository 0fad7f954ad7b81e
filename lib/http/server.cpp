#include "http/server.hpp"

#include "base/task_group.hpp"
#include "http/acceptor.hpp"
#include "http/session.hpp"
#include "http/session_registry.hpp"
#include "http/tls_settings.hpp"

namespace cartrelay::http {
namespace {

/// What the running coroutines refer to: outlives the server's own object if they do.
struct listener {
  listener(const base::executor& home, const server_options& settings, handler& target)
      : where(home), registry(std::make_shared<session_registry>(home, settings, target)), running(home) {}

  base::executor where;
  std::shared_ptr<session_registry> registry;
  std::unique_ptr<boost::asio::ssl::context> tls;
  std::vector<std::unique_ptr<acceptor>> acceptors;
  base::task_group running;
};

base::task<> run_session(std::unique_ptr<session> one) {
  co_await one->run();
}

void begin_session(listener& all, accepted taken, bool under_tls) {
  auto connected = under_tls ? make_tls_transport(std::move(taken.socket), *all.tls)
                             : make_plain_transport(std::move(taken.socket));
  ++all.registry->counters.connections_accepted;
  all.running.spawn(
      run_session(std::make_unique<session>(std::move(connected), std::move(taken.from), all.registry)));
}

base::task<> accept_clients(std::shared_ptr<listener> all, std::size_t index) {
  auto& source = *all->acceptors[index];
  auto& registry = *all->registry;
  const bool under_tls = all->tls && !source.is_unix();
  while (!registry.stopping) {
    if (registry.is_full()) {
      co_await source.somebody_waits();
      if (registry.stopping || !registry.is_full()) continue;
      registry.give_up_longest_idle();
      co_await registry.wait_for_place();
      continue;
    }
    auto taken = co_await source.next();
    if (taken) begin_session(*all, std::move(*taken), under_tls);
  }
}

class listening_server final : public server {
 public:
  listening_server(const base::executor& where, const server_options& settings, handler& target)
      : where_(where), all_(std::make_shared<listener>(where, settings, target)) {}
  ~listening_server() override {
    stop_accepting();
    abort_all();
  }

  base::result<void> open(const server_options& settings) {
    auto tls = make_server_tls(settings);
    if (!tls) return tls.error();
    all_->tls = std::move(*tls);
    for (const auto& address : settings.listen) {
      auto socket = listening_socket::open(address, settings.unix_mode);
      if (!socket) return socket.error();
      addresses_.push_back(socket->address());
      all_->acceptors.push_back(std::make_unique<acceptor>(where_, std::move(*socket)));
    }
    return {};
  }

  void start() override {
    for (std::size_t index = 0; index < all_->acceptors.size(); ++index)
      all_->running.spawn(accept_clients(all_, index));
  }

  base::task<> stop(std::chrono::milliseconds grace) override { return stop_all(all_, grace); }
  const std::vector<std::string>& addresses() const noexcept override { return addresses_; }
  server_counters counters() const noexcept override { return all_->registry->counters; }
  void set_limits(const server_options& settings) override {
    all_->registry->limits = std::make_shared<const server_options>(settings);
    all_->registry->freed.cancel();
  }
  /// Connections that stand keep the old context alive.
  void renew_tls(std::unique_ptr<boost::asio::ssl::context> renewed) override {
    all_->tls = std::move(renewed);
  }

 private:
  static void close_acceptors(listener& all) {
    all.registry->stopping = true;
    all.registry->freed.cancel();
    for (const auto& one : all.acceptors)
      one->close();
  }
  static base::task<> stop_all(std::shared_ptr<listener> all, std::chrono::milliseconds grace);

  void stop_accepting() { close_acceptors(*all_); }
  void abort_all() {
    for (auto& one : all_->registry->members)
      one.abort();
  }

  base::executor where_;
  std::shared_ptr<listener> all_;
  std::vector<std::string> addresses_;
};

base::task<> listening_server::stop_all(std::shared_ptr<listener> all, std::chrono::milliseconds grace) {
  close_acceptors(*all);
  for (auto& one : all->registry->members)
    one.finish_soon();
  base::timer patience(all->where, grace);
  patience.async_wait([registry = all->registry](boost::system::error_code ended) {
    if (ended) return;
    for (auto& one : registry->members)
      one.abort();
  });
  co_await all->running.join();
  patience.cancel();
  all->registry->deadlines->stop();
}

}  // namespace

base::result<std::unique_ptr<server>> server::listen(base::executor where, const server_options& settings,
                                                     handler& target) {
  auto made = std::make_unique<listening_server>(where, settings, target);
  const auto opened = made->open(settings);
  if (!opened) return opened.error();
  return std::unique_ptr<server>(std::move(made));
}

}  // namespace cartrelay::http
