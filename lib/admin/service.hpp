#pragma once

#include "admin/dead_letters.hpp"
#include "admin/options.hpp"
#include "admin/receipts.hpp"
#include "admin/routes.hpp"
#include "admin/snapshot.hpp"
#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "dispatch/dispatcher.hpp"
#include "event/parse.hpp"
#include "http/access.hpp"
#include "http/server.hpp"
#include "queue/engine.hpp"

#include <functional>
#include <optional>
#include <string>

namespace cartrelay::admin {

/// What operators look at and change. All of it outlives the service.
struct subjects {
  queue::engine& log;
  dispatch::dispatcher& delivery;
  const base::clock& time;
  std::function<std::uint64_t()> requests_in_flight;  ///< at ingest; called on the service's thread
};

/// The admin listener's handler.
///
/// Who may see what (http/access.hpp has the means):
/// - /livez, /readyz and the dashboard's own files, which hold no data, answer everybody who can connect;
/// - /status and /metrics, which hold no personal data, need a token from other machines only;
/// - receipts, dead letters, the preview and every change need a token or a Unix socket;
/// - a wrong token is refused from this machine too, so that a mistake is noticed.
///
/// Belongs to the delivery I/O thread, as the dispatcher does.
class service final : public http::handler {
 public:
  service(base::mailbox where, subjects shown, std::string version);

  /// Before the first request, and on reload. `rules` are those of ingest, for the preview.
  void configure(const options& settings, const event::options& rules);
  /// /readyz answers 200 in phase::running only; it begins in phase::starting. What reads much of the queue
  /// ends early once phase::stopping has come: server::stop() waits for it.
  void enter(phase now) noexcept;
  /// What a reload came to, in one line.
  void note_reload(std::string words);

  /// What /status shows.
  [[nodiscard]] snapshot look() const;

  [[nodiscard]] std::optional<http::response> screen(const http::request& head,
                                                     const http::peer& from) override;
  [[nodiscard]] base::task<http::response> handle(http::request& incoming, const http::peer& from) override;

 private:
  [[nodiscard]] std::optional<http::response> refuse(const http::request& head, const http::peer& from) const;
  [[nodiscard]] std::optional<http::response> refuse_stranger(const route& asked, const http::request& head,
                                                              const http::peer& from) const;
  [[nodiscard]] base::task<http::response> answer(const route& asked, const http::request& incoming);
  [[nodiscard]] base::task<http::response> change(const route& asked, const http::request& incoming);
  [[nodiscard]] http::response readiness() const;

  subjects shown_;
  std::string version_;
  base::timestamp started_at_;
  base::steady_time started_;
  http::bearer_tokens tokens_;
  event::options rules_;
  phase phase_ = phase::starting;
  std::optional<reload_result> last_reload_;
  receipts receipts_;
  dead_letters dead_letters_;
};

}  // namespace cartrelay::admin
