#pragma once

#include "admin/service.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "base/task_group.hpp"
#include "base/timer.hpp"
#include "config/load.hpp"
#include "daemon/io_thread.hpp"
#include "daemon/retention_clock.hpp"
#include "daemon/steering.hpp"
#include "dispatch/dispatcher.hpp"
#include "http/inherited_sockets.hpp"
#include "http/server.hpp"
#include "ingest/service.hpp"
#include "queue/engine.hpp"

#include <memory>
#include <optional>
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
  /// Signals are held back by now, in the thread that makes it; those that have come already count.
  application(config::configuration settings, std::string config_file, bool accept_data_loss,
              http::inherited_sockets inherited);
  application(const application&) = delete;
  application& operator=(const application&) = delete;
  ~application();

  /// An exit_code.
  [[nodiscard]] int run();
  /// Whether a thread still reads: then the process is to end without what main() leaves to be destroyed.
  [[nodiscard]] bool has_left_behind() const noexcept { return has_left_behind_; }

 private:
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
  [[nodiscard]] base::task<std::optional<std::string>> take(config::loaded read);
  [[nodiscard]] base::task<std::optional<std::string>> apply(config::configuration next);
  [[nodiscard]] base::task<> stop();
  [[nodiscard]] base::task<> keep_house();
  [[nodiscard]] base::timestamp time_to_keep_by();
  void break_off();
  void route_ingest();
  void tell_refused();
  void tell_what_is_held() const;
  void tell_service_manager();

  config::configuration settings_;
  std::string config_file_;
  http::inherited_sockets inherited_;
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
  steering steering_;
  base::timer house_timer_;
  std::string told_status_;
  bool applying_ = false, ending_ = false, has_left_behind_ = false;
};

}  // namespace cartrelay::daemon
