#pragma once

#include "admin/service.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "base/task_group.hpp"
#include "base/timer.hpp"
#include "config/load.hpp"
#include "daemon/io_thread.hpp"
#include "daemon/retention_clock.hpp"
#include "dispatch/dispatcher.hpp"
#include "http/server.hpp"
#include "ingest/service.hpp"
#include "queue/engine.hpp"

#include <boost/asio/signal_set.hpp>

#include <memory>
#include <optional>
#include <semaphore>
#include <string>

namespace cartrelay::daemon {

/// The running daemon: builds the rooms, wires them, follows the signals, and takes everything down in the
/// right order.
///
/// Threads: ingest (the ingest listener), delivery (dispatch, admin, signals), and those of the queue.
/// Neither of the first two touches the disk, but for the certificates and trust anchors that a reload
/// changes; the configuration is read on a thread of its own. run() is called once, on the main thread, and
/// blocks until the daemon has ended, but for a thread that still reads files which do not answer.
class application {
 public:
  /// From here on signals no longer end the process; those that came while they were held back count.
  application(config::configuration settings, std::string config_file, bool accept_data_loss);
  application(const application&) = delete;
  application& operator=(const application&) = delete;
  ~application();

  /// An exit_code.
  [[nodiscard]] int run();
  /// Whether a thread still reads: then the process is to end without what main() leaves to be destroyed.
  [[nodiscard]] bool has_left_behind() const noexcept { return has_left_behind_; }

 private:
  using signal_set = boost::asio::basic_signal_set<base::executor>;

  /// An exit_code if the daemon ends before it lives.
  [[nodiscard]] std::optional<int> build();
  [[nodiscard]] std::optional<int> bind_listeners();
  [[noreturn]] static void end_at_once();
  void stop_threads();
  [[nodiscard]] base::task<int> live();
  [[nodiscard]] base::task<int> begin();
  [[nodiscard]] base::task<> follow_happenings();
  [[nodiscard]] base::task<> reload();
  [[nodiscard]] base::task<std::optional<config::loaded>> read_configuration();
  [[nodiscard]] base::task<std::string> take(config::loaded read);
  [[nodiscard]] base::task<std::optional<std::string>> apply(config::configuration next);
  [[nodiscard]] base::task<> stop();
  [[nodiscard]] base::task<> watch_signals();
  [[nodiscard]] base::task<> keep_house();
  [[nodiscard]] base::timestamp time_to_keep_by();
  void tell_to_stop();
  void route_ingest();
  void tell_refused();
  void tell_what_is_held() const;
  void tell_service_manager();

  config::configuration settings_;
  std::string config_file_;
  const base::clock& time_;
  retention_clock retention_clock_;
  io_thread ingest_thread_{"ingest", io_thread::urgency::waited_for};
  io_thread delivery_thread_{"delivery", io_thread::urgency::steps_back};
  std::unique_ptr<queue::engine> queue_;
  std::unique_ptr<dispatch::dispatcher> dispatcher_;
  std::unique_ptr<ingest::service> ingest_;
  std::unique_ptr<admin::service> admin_;
  std::unique_ptr<http::server> ingest_server_, admin_server_;
  base::task_group background_;
  signal_set signals_;
  std::counting_semaphore<> stop_asked_{0};  // for the main thread, while it builds
  base::timer house_timer_;
  base::timer told_;  // wakes who waits for one of the next two
  bool stop_wanted_ = false, reload_wanted_ = false;
  std::string told_status_, last_reload_;
  bool applying_ = false, ending_ = false, has_left_behind_ = false;
};

}  // namespace cartrelay::daemon
