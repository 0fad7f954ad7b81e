#include "http/server.hpp"

#include "base/task_group.hpp"
#include "http/acceptor.hpp"
#include "http/inherited_sockets.hpp"
#include "http/session.hpp"
#include "http/session_registry.hpp"
#include "http/tls_settings.hpp"

namespace cartrelay::http {

struct server::listener {
  listener(const base::executor& home, const server_options& settings, handler& target)
      : where(home), registry(std::make_shared<session_registry>(home, settings, target)), running(home) {}

  base::executor where;
  std::shared_ptr<session_registry> registry;
  std::unique_ptr<boost::asio::ssl::context> tls;
  std::vector<std::unique_ptr<acceptor>> acceptors;
  std::vector<std::string> addresses;
  base::task_group running;

  base::result<void> open(const server_options& settings, inherited_sockets* inherited);
  void accept_from(listening_socket socket);
  void begin_session(accepted taken, bool under_tls);
  void close_acceptors();
  void abort_all();
  static base::task<> accept_clients(std::shared_ptr<listener> all, std::size_t index);
  static base::task<> stop(std::shared_ptr<listener> all, std::chrono::milliseconds grace);
};

namespace {

base::task<> run_session(std::unique_ptr<session> one) {
  co_await one->run();
}

}  // namespace

base::result<void> server::listener::open(const server_options& settings, inherited_sockets* inherited) {
  auto made = make_server_tls(settings);
  if (!made) return made.error();
  tls = std::move(*made);
  for (const auto& address : settings.listen) {
    if (auto bound = inherited ? inherited->take(address) : std::nullopt) {
      accept_from(std::move(*bound));
      continue;
    }
    auto socket = listening_socket::open(address, settings.unix_mode);
    if (!socket) return socket.error();
    accept_from(std::move(*socket));
  }
  return {};
}

void server::listener::accept_from(listening_socket socket) {
  addresses.push_back(socket.address());
  acceptors.push_back(std::make_unique<acceptor>(where, std::move(socket)));
}

void server::listener::begin_session(accepted taken, bool under_tls) {
  auto connected = under_tls ? make_tls_transport(std::move(taken.socket), *tls)
                             : make_plain_transport(std::move(taken.socket));
  ++registry->counters.connections_accepted;
  running.spawn(
      run_session(std::make_unique<session>(std::move(connected), std::move(taken.from), registry)));
}

base::task<> server::listener::accept_clients(std::shared_ptr<listener> all, std::size_t index) {
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
    if (taken) all->begin_session(std::move(*taken), under_tls);
  }
}

void server::listener::close_acceptors() {
  registry->stopping = true;
  registry->freed.cancel();
  for (const auto& one : acceptors)
    one->close();
}

void server::listener::abort_all() {
  for (auto& one : registry->members)
    one.abort();
}

base::task<> server::listener::stop(std::shared_ptr<listener> all, std::chrono::milliseconds grace) {
  all->close_acceptors();
  for (auto& one : all->registry->members)
    one.finish_soon();
  base::timer patience(all->where, grace);
  patience.async_wait([all](boost::system::error_code ended) {
    if (!ended) all->abort_all();
  });
  co_await all->running.join();
  patience.cancel();
  all->registry->deadlines->stop();
}

server::server(std::shared_ptr<listener> all) : all_(std::move(all)) {}

server::~server() {
  all_->close_acceptors();
  all_->abort_all();
}

base::result<std::unique_ptr<server>> server::listen(base::executor where, const server_options& settings,
                                                     handler& target, inherited_sockets* inherited) {
  auto all = std::make_shared<listener>(where, settings, target);
  if (const auto opened = all->open(settings, inherited); !opened) return opened.error();
  return std::unique_ptr<server>(new server(std::move(all)));
}

void server::start() {
  for (std::size_t index = 0; index < all_->acceptors.size(); ++index)
    all_->running.spawn(listener::accept_clients(all_, index));
}

base::task<> server::stop(std::chrono::milliseconds grace) {
  return listener::stop(all_, grace);
}

const std::vector<std::string>& server::addresses() const noexcept {
  return all_->addresses;
}

server_counters server::counters() const noexcept {
  return all_->registry->counters;
}

void server::set_limits(const server_options& settings) {
  all_->registry->limits = std::make_shared<const server_options>(settings);
  all_->registry->freed.cancel();
}

/// Connections that stand keep the old context alive.
void server::renew_tls(std::unique_ptr<boost::asio::ssl::context> renewed) {
  all_->tls = std::move(renewed);
}

}  // namespace cartrelay::http
