#pragma once

#include "base/timer.hpp"
#include "http/answer_burst.hpp"
#include "http/deadline_watch.hpp"
#include "http/failed_handshakes.hpp"
#include "http/server.hpp"

#include <boost/intrusive/list.hpp>

#include <memory>

namespace cartrelay::http {

class session;
/// By which a session stands in its registry; it leaves by itself when destroyed.
using session_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<session>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// What the connections of one listener share: limits, counters, the watch over their deadlines, and who is
/// there. Lives as long as the last connection. Thread rules: everything on the listener's I/O thread.
struct session_registry {
  session_registry(const base::executor& where, const server_options& settings, handler& answers)
      : limits(std::make_shared<const server_options>(settings)),
        target(answers),
        deadlines(std::make_shared<deadline_watch>(where)),
        burst(std::make_shared<answer_burst>()),
        freed(where) {}

  [[nodiscard]] bool is_full() const noexcept { return counters.connections_open >= limits->max_connections; }
  /// Closes the connection that has been idle for longest, if that is a second or more: those who hold places
  /// without using them keep nobody out. A client that is between two requests keeps its own.
  void give_up_longest_idle();
  /// Ends when a connection has ended, and soon anyway.
  [[nodiscard]] base::task<> wait_for_place();

  std::shared_ptr<const server_options> limits;  ///< of requests that begin from now on
  handler& target;
  server_counters counters;
  failed_handshakes refused_tls;  ///< of clients, or ours of them
  std::shared_ptr<deadline_watch> deadlines;
  std::shared_ptr<answer_burst> burst;
  base::timer freed;             ///< cancelled (so that waiters wake) whenever a connection has ended
  std::size_t large_bodies = 0;  ///< bytes held, in and out, see server_options
  boost::intrusive::list<session, boost::intrusive::base_hook<session_hook>,
                         boost::intrusive::constant_time_size<false>>
      members;
  bool stopping = false;
};

}  // namespace cartrelay::http
