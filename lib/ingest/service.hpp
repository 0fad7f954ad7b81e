#pragma once

#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "http/access.hpp"
#include "http/server.hpp"
#include "ingest/options.hpp"
#include "ingest/refusals.hpp"
#include "ingest/submission.hpp"
#include "queue/engine.hpp"

#include <atomic>
#include <cstdint>
#include <functional>

namespace cartrelay::ingest {

/// Says on a receipt when its event is tried next; whoever delivers knows.
using forecaster = std::function<void(queue::receipt, queue::reply<queue::receipt>)>;

/// The ingest listener's handler. Belongs to one I/O thread; requests_in_flight() may be read from any. The
/// engine and the clock outlive it.
class service final : public http::handler {
 public:
  service(base::mailbox where, queue::engine& log, const base::clock& time, forecaster foresee,
          const options& settings);

  /// Before the first request, and on reload; on the I/O thread.
  void set_router(router route) { route_ = std::move(route); }
  void configure(const options& settings);
  /// From now on every event is answered 503 and /readyz says so. On the I/O thread.
  void stop_accepting() noexcept { stopping_ = true; }

  [[nodiscard]] std::uint64_t requests_in_flight() const noexcept;
  /// Whether tell_refused() has something to say; from any thread.
  [[nodiscard]] bool has_refused() const noexcept { return has_refused_.load(); }
  /// Into the log, what was refused since the last time. On the I/O thread, as often as there may be a line.
  void tell_refused();

  [[nodiscard]] std::optional<http::response> screen(const http::request& head,
                                                     const http::peer& from) override;
  [[nodiscard]] base::task<http::response> handle(http::request& incoming, const http::peer& from) override;
  void note_refused() noexcept override;

 private:
  /// A Unix socket's file permissions say who may; over TCP a token does, where any is configured.
  [[nodiscard]] std::optional<http::response> refuse_stranger(const http::request& head,
                                                              const http::peer& from) const;
  [[nodiscard]] std::optional<http::response> screen_events(const http::request& head,
                                                            const http::peer& from) const;
  [[nodiscard]] base::task<http::response> post_events(http::request& incoming);
  [[nodiscard]] base::task<http::response> get_receipt(const http::request& incoming);
  [[nodiscard]] base::task<http::response> answer_receipt(base::result<queue::receipt> found);
  void count_refused() noexcept;
  /// The same, with what the log is to say of it.
  template <class... Found>
  void count_refused(int status, const Found&... found) {
    refusals_.note(status, found...);
    count_refused();
  }

  base::mailbox where_;
  queue::engine& log_;
  const base::clock& time_;
  forecaster foresee_;
  http::bearer_tokens tokens_;
  std::size_t max_events_;
  event::options rules_;
  router route_;
  bool stopping_ = false;
  refusals refusals_;
  std::atomic<std::uint64_t> in_flight_{0};
  std::atomic<bool> has_refused_{false};
};

}  // namespace cartrelay::ingest
