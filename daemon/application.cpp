#include "daemon/application.hpp"

#include "base/counted.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "daemon/aside.hpp"
#include "daemon/descriptors.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/queue_opening.hpp"
#include "daemon/reload.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/service_status.hpp"
#include "destinations/routing.hpp"
#include "http/tls_settings.hpp"
#include "queue/calls.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

namespace cartrelay::daemon {
namespace {

using namespace std::chrono_literals;
namespace log = base::log;

using clock = std::chrono::steady_clock;

constexpr auto housekeeping_interval = 5s;
/// How long a request that was being read when the daemon was told to stop may take to end.
constexpr std::chrono::milliseconds ingest_grace = 1s;
constexpr auto admin_grace = 250ms;
/// How often it is looked whether the files of a reload have been read.
constexpr auto reading_slice = 10ms;
constexpr auto reload_refused = "reload refused, nothing changed";

/// Awaits on one I/O thread what runs on another.
template <class T>
base::task<T> on(base::executor where, base::task<T> what) {
  return boost::asio::co_spawn(where, std::move(what), base::use_task);
}

using tls_context = std::unique_ptr<boost::asio::ssl::context>;

/// The certificate of a listener if it is another one than before; otherwise null.
base::result<tls_context> renewed_tls(const http::server_options& running, const http::server_options& next) {
  if (running.tls_digest == next.tls_digest) return tls_context();
  return http::make_server_tls(next);
}

ingest::router make_router(dispatch::routing_table table) {
  return [table = std::move(table)](const event::event& accepted) {
    std::vector<queue::destination_id> out;
    for (const auto& route : *table)
      if (destinations::wants(route.options, accepted)) out.push_back(route.id);
    return out;
  };
}

/// No client may take the descriptors that the queue and the vendors need, and no vendor those of all others.
void share_descriptors(config::configuration& settings) {
  const auto limit = raise_descriptor_limit(descriptors_wanted(settings));
  settings.queue.max_open_files = tables_within(settings, limit);
  for (const auto& line : fit_concurrency(settings, limit))
    log::warning("{}", line);
  for (const auto& line : fit_connections(settings, limit))
    log::warning("{}", line);
}

std::string joined(const std::vector<std::string>& addresses) {
  return fmt::format("{}", fmt::join(addresses, ", "));
}

}  // namespace

application::application(config::configuration settings, std::string config_file, bool accept_data_loss,
                         http::inherited_sockets inherited)
    : settings_(std::move(settings)),
      config_file_(std::move(config_file)),
      inherited_(std::move(inherited)),
      time_(base::system_clock()),
      retention_clock_(dispatch::moment_of(time_)),
      background_(delivery_thread_.get_executor()),
      steering_(delivery_thread_.get_executor()),
      house_timer_(delivery_thread_.get_executor()) {
  settings_.queue.accept_data_loss = accept_data_loss;
}

application::~application() = default;

int application::run() {
  boost::asio::post(delivery_thread_.get_executor(),
                    [this] { background_.spawn(steering_.follow([this] { break_off(); })); });
  if (const auto ended = build()) {
    stop_threads();
    return *ended;
  }
  auto ended = boost::asio::co_spawn(delivery_thread_.get_executor(), live(), boost::asio::use_future);
  const int outcome = ended.get();
  if (outcome == exit_storage) end_at_once();
  queue_->close();
  stop_threads();
  if (queue_->refusal() == queue::errc::read_only) {
    log::error("stopped, and what was to be written last could not be");
    return exit_storage;
  }
  log::info("stopped");
  return outcome;
}

/// The storage is not to be trusted any more, so nothing waits for it, nor for any vendor: what was
/// acknowledged is on the disk.
void application::end_at_once() {
  std::_Exit(exit_storage);
}

void application::stop_threads() {
  ingest_thread_.stop();
  delivery_thread_.stop();
}

std::optional<int> application::build() {
  share_descriptors(settings_);
  auto opened =
      open_queue(settings_.queue, time_, [this](auto span) { return steering_.stops_within(span); });
  if (!opened) return exit_code_of(opened.error().code);
  if (!*opened) return exit_ok;
  queue_ = std::move(*opened);
  dispatcher_ = std::make_unique<dispatch::dispatcher>(delivery_thread_.get_executor(), *queue_, time_,
                                                       base::random_seed());
  const auto foresee = [this](queue::receipt what, queue::reply<queue::receipt> then) {
    delivery_thread_.box().push([this, what = std::move(what), then = std::move(then)]() mutable {
      dispatcher_->foresee(what);
      then(std::move(what));
    });
  };
  ingest_ =
      std::make_unique<ingest::service>(ingest_thread_.box(), *queue_, time_, foresee, settings_.ingest);
  const admin::subjects shown{*queue_, *dispatcher_, time_, [this] { return ingest_->requests_in_flight(); }};
  admin_ = std::make_unique<admin::service>(delivery_thread_.box(), shown, CARTRELAY_VERSION);
  admin_->configure(settings_.admin, settings_.ingest.events);
  return bind_listeners();
}

std::optional<int> application::bind_listeners() {
  auto ingest =
      http::server::listen(ingest_thread_.get_executor(), settings_.ingest.server, *ingest_, &inherited_);
  auto admin =
      http::server::listen(delivery_thread_.get_executor(), settings_.admin.server, *admin_, &inherited_);
  for (const auto* bound : {&ingest, &admin}) {
    if (*bound) continue;
    log::error("{} listener: {}", bound == &ingest ? "ingest" : "admin", bound->error().message());
    queue_->close();
    return exit_code_of(bound->error().code);
  }
  ingest_server_ = std::move(*ingest);
  admin_server_ = std::move(*admin);
  for (const auto& unused : inherited_.left())
    log::warning("the service manager handed over a socket on {}, which no listener names", unused);
  inherited_ = {};
  return std::nullopt;
}

base::task<int> application::live() {
  const auto failed = co_await begin();
  if (failed != exit_ok) co_return failed;
  co_await follow_happenings();
  co_await stop();
  co_return exit_ok;
}

base::task<int> application::begin() {
  queue_->on_failure(delivery_thread_.box(), [this](base::error failure) {
    log::error("the storage failed: {}; nothing is acknowledged from here on", failure.message());
    service_manager::status("storage failure: " + failure.message());
    end_at_once();
  });
  auto started = co_await dispatcher_->start(settings_.destinations);
  if (!started) {
    log::error("destinations: {}", started.error().message());
    co_return exit_code_of(started.error().code);
  }
  route_ingest();
  admin_server_->start();
  boost::asio::post(ingest_thread_.get_executor(), [this] { ingest_server_->start(); });
  background_.spawn(keep_house());
  tell_what_is_held();
  log::info("ingest listens on {}; admin on {}; {}", joined(ingest_server_->addresses()),
            joined(admin_server_->addresses()), base::counted(settings_.destinations.size(), "destination"));
  admin_->enter(admin::phase::running);
  service_manager::ready();
  tell_service_manager();
  co_return exit_ok;
}

void application::tell_what_is_held() const {
  const auto held = queue_->stats();
  std::uint64_t backlog = 0;
  for (const auto& one : held.destinations)
    backlog += one.counts.backlog();
  const auto where = settings_.queue.engine == "memory" ? "in memory" : settings_.queue.path;
  const auto what = held.next == 1 ? "new" : base::counted(held.events, "event");
  log::info("cartrelay {}; queue {}: {}{}", CARTRELAY_VERSION, where, what,
            held.next == 1 ? "" : fmt::format(", backlog {}", backlog));
}

/// Until it is to stop. However many reloads were asked for, one reads what the files hold now.
base::task<> application::follow_happenings() {
  while (!steering_.is_stop_wanted()) {
    if (steering_.take_reload())
      co_await reload();
    else
      co_await steering_.next();
  }
}

/// A reload may be waiting for a vendor that has been removed.
void application::break_off() {
  if (applying_) background_.spawn(dispatcher_->stop(settings_.shutdown_drain));
}

base::task<> application::keep_house() {
  const auto watchdog = service_manager::watchdog_interval();
  const auto pause = watchdog ? std::min<std::chrono::microseconds>(*watchdog, housekeeping_interval)
                              : housekeeping_interval;
  auto trimmed_at = time_.steady();
  while (!ending_) {
    tell_service_manager();
    house_timer_.expires_after(pause);
    co_await house_timer_.async_wait(base::as_result);
    if (ending_ || time_.steady() - trimmed_at < housekeeping_interval) continue;
    trimmed_at = time_.steady();
    tell_refused();
    dispatcher_->grow_old();
    const auto keep_by = time_to_keep_by();
    const auto trimmed = co_await queue::trim(*queue_, delivery_thread_.box(), keep_by);
    if (trimmed && *trimmed > 0) log::debug("retention: {} events left the log", *trimmed);
  }
}

base::timestamp application::time_to_keep_by() {
  const auto& kept = settings_.queue;
  const auto shorter = std::min(kept.retention, kept.dead_letter_retention);
  const auto seen = retention_clock_.look(dispatch::moment_of(time_), shorter);
  if (seen.told) log::warning("{}", *seen.told);
  return seen.now;
}

/// The watchdog hears from us as long as the queue does its housekeeping (or this would not be called) and
/// every destination's loop keeps its appointments: also while stopping, until the last of them has ended.
void application::tell_service_manager() {
  if (dispatcher_->is_alive())
    service_manager::watchdog();
  else
    log::error("a destination's loop is stuck; the watchdog is not told that all is well");
  const auto words = service_status(admin_->look());
  if (words != std::exchange(told_status_, words)) service_manager::status(words);
}

/// At most one line an interval, however many there were.
void application::tell_refused() {
  if (ingest_->has_refused())
    boost::asio::post(ingest_thread_.get_executor(), [this] { ingest_->tell_refused(); });
}

void application::route_ingest() {
  boost::asio::post(ingest_thread_.get_executor(),
                    [this, router = make_router(dispatcher_->routes())]() mutable {
                      ingest_->set_router(std::move(router));
                    });
}

base::task<> application::reload() {
  service_manager::reloading();
  log::info("reload: reading {}", config_file_);
  auto read = co_await read_configuration();
  if (!read) {
    log::warning("reload broken off before its files were read: the daemon is told to stop");
    co_return;
  }
  const auto changes = co_await take(std::move(*read));
  if (!log::enabled(log::level::info)) log::configure(settings_.log);
  if (changes)
    log::info("{}", *changes);
  else
    log::warning("{}", reload_refused);
  log::configure(settings_.log);  // after the verdict, which a level that it raised would keep quiet
  service_manager::ready();
  admin_->note_reload(changes.value_or(reload_refused));
  tell_service_manager();
}

/// Nothing: told to stop first. A stop waits for no file.
base::task<std::optional<config::loaded>> application::read_configuration() {
  auto reading = aside("reload", [file = config_file_] { return config::load(file); });
  while (!steering_.is_stop_wanted()) {
    if (reading.wait_for(0s) == std::future_status::ready) co_return reading.get();
    co_await steering_.next(reading_slice);
  }
  has_left_behind_ = true;
  co_return std::nullopt;
}

/// What changed, in one line; nothing: it was refused, and nothing did.
base::task<std::optional<std::string>> application::take(config::loaded read) {
  if (!read) {
    for (const auto& fault : read.error())
      log::error("reload: {}", fault.message());
    co_return std::nullopt;
  }
  if (const auto fixed = needs_restart(settings_, *read); !fixed.empty()) {
    log::error("reload: {} cannot change without a restart", fmt::join(fixed, ", "));
    co_return std::nullopt;
  }
  applying_ = true;
  auto applied = co_await apply(std::move(*read));
  applying_ = false;
  co_return applied;
}

base::task<std::optional<std::string>> application::apply(config::configuration next) {
  for (const auto& fault : next.warnings)
    log::warning("reload: {}", fault.message());
  share_descriptors(next);
  next.queue.accept_data_loss = settings_.queue.accept_data_loss;
  auto ingest_tls = renewed_tls(settings_.ingest.server, next.ingest.server);
  auto admin_tls = renewed_tls(settings_.admin.server, next.admin.server);
  for (const auto* made : {&ingest_tls, &admin_tls}) {
    if (*made) continue;
    log::error("reload: {}", made->error().message());
    co_return std::nullopt;
  }
  const auto report = co_await dispatcher_->apply(next.destinations);
  if (!report) {
    log::error("reload: {}", report.error().message());
    co_return std::nullopt;
  }
  const auto changes = describe_changes(settings_, next, *report);
  settings_ = std::move(next);
  queue_->configure(settings_.queue);
  admin_->configure(settings_.admin, settings_.ingest.events);
  admin_server_->set_limits(settings_.admin.server);
  if (*admin_tls) admin_server_->renew_tls(std::move(*admin_tls));
  boost::asio::post(ingest_thread_.get_executor(),
                    [this, ingest = settings_.ingest, tls = std::move(*ingest_tls)]() mutable {
                      ingest_->configure(ingest);
                      ingest_server_->set_limits(ingest.server);
                      if (tls) ingest_server_->renew_tls(std::move(tls));
                    });
  route_ingest();
  co_return changes;
}

base::task<> application::stop() {
  log::info("stopping: requests under way have {}; what is queued stays",
            base::format_duration(settings_.shutdown_drain));
  const auto drain = settings_.shutdown_drain;
  service_manager::stopping(drain);
  const auto drained_by = clock::now() + drain;
  admin_->enter(admin::phase::stopping);
  tell_service_manager();
  boost::asio::post(ingest_thread_.get_executor(), [this] { ingest_->stop_accepting(); });
  co_await on(ingest_thread_.get_executor(), ingest_server_->stop(std::min(ingest_grace, drain)));
  tell_refused();
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(drained_by - clock::now());
  co_await dispatcher_->stop(std::max(left, 0ms));
  co_await admin_server_->stop(admin_grace);
  ending_ = true;
  steering_.end();
  house_timer_.cancel();
  co_await background_.join();
}

}  // namespace cartrelay::daemon
