#include "http/client.hpp"

#include "base/timer.hpp"
#include "http/connection_pool.hpp"
#include "http/request_text.hpp"
#include "http/tls_settings.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace cartrelay::http {
namespace {

using connection_list =
    boost::intrusive::list<connection,
                           boost::intrusive::base_hook<boost::intrusive::list_base_hook<
                               boost::intrusive::tag<struct all_connections>,
                               boost::intrusive::link_mode<boost::intrusive::auto_unlink>>>,
                           boost::intrusive::constant_time_size<false>>;

/// Where URLs lead that begin alike, and the connections to there.
struct origin {
  endpoint where;
  std::string host;  // as the field says it
  connection_pool& pool;
};
/// A URL that was taken apart.
struct target {
  const origin& at;
  std::string_view path;  // and query, as the URL has them
};

/// `https://host:port`, as far as nobody has looked at it: parse_url() says whether it is one.
std::string_view beginning(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return url;
  return without_query(url.substr(0, url.find('/', scheme + 3)));
}

/// What the running coroutines refer to: outlives the client's own object if they do.
struct client_state {
  client_state(const base::executor& where, const client_options& options, std::optional<endpoint> proxy,
               std::unique_ptr<boost::asio::ssl::context> context)
      : tls(std::move(context)),
        sessions(*tls),
        shared{options,
               std::move(proxy),
               where,
               *tls,
               sessions,
               std::make_shared<resolver>(where),
               std::make_shared<deadline_watch>(where),
               {}},
        ended(where, base::timer::time_point::max()) {}

  connection_pool& pool_of(const endpoint& peer) {
    return pools
        .try_emplace(peer.origin(), shared.where, std::max<std::size_t>(1, shared.options.max_connections))
        .first->second;
  }

  /// A vendor has few origins: only what follows is looked at each time.
  base::result<target> target_of(std::string_view url) {
    const auto begins = beginning(url);
    if (const auto known = origins.find(begins); known != origins.end()) {
      const auto path = url.substr(begins.size());
      if (is_origin_form(path)) return target{known->second, path};
    }
    auto where = parse_url(url);
    if (!where) return where.error();
    auto& pool = pool_of(*where);
    auto host = host_field(*where);
    const auto& added =
        origins.try_emplace(std::string(begins), origin{std::move(*where), std::move(host), pool})
            .first->second;
    return target{added, url.substr(begins.size())};
  }

  std::unique_ptr<boost::asio::ssl::context> tls;
  tls_sessions sessions;
  connection_setting shared;
  connection_list connections;
  std::map<std::string, connection_pool> pools;        // by origin
  std::map<std::string, origin, std::less<>> origins;  // as URLs write them
  std::size_t running = 0;
  base::timer ended;  // cancelled when nothing runs any more
  bool stopping = false;
};

/// One call of the client, as long as it lasts.
class call {
 public:
  explicit call(client_state& all) noexcept : all_(all) { ++all_.running; }
  call(const call&) = delete;
  call& operator=(const call&) = delete;
  ~call() {
    if (--all_.running == 0) all_.ended.cancel();
  }

 private:
  client_state& all_;
};

std::unique_ptr<connection> new_connection(client_state& all, const endpoint& peer) {
  auto one = std::make_unique<connection>(all.shared, peer);
  all.connections.push_back(*one);
  return one;
}

outcome conclude(connection_pool& pool, std::unique_ptr<connection> one, exchange_end end) {
  if (!end.answer) return std::move(end.failed);
  if (end.reusable) pool.put_idle(std::move(one));
  return std::move(*end.answer);
}

failure cannot_send(const base::error& why) {
  return {stage::connect, "cannot send: " + why.message()};
}

/// On a fresh connection.
base::task<outcome> send_afresh(client_state& all, const origin& where, const std::string& bytes,
                                bool is_head) {
  if (all.stopping) co_return failure{stage::connect, "stopping"};
  auto one = new_connection(all, where.where);
  auto refused = co_await one->open();
  if (refused) co_return std::move(*refused);
  auto end = co_await one->exchange(bytes, is_head);
  co_return conclude(where.pool, std::move(one), std::move(end));
}

base::task<outcome> send_one(std::shared_ptr<client_state> all, const request& asked, bool safe_to_repeat) {
  const call counted(*all);
  const auto found = all->target_of(asked.target);
  if (!found) co_return cannot_send(found.error());
  const auto& where = found->at;
  const auto written = write_request(asked, where.host, found->path);
  if (!written) co_return cannot_send(written.error());
  if (all->stopping) co_return failure{stage::connect, "stopping"};
  const auto& bytes = *written;
  const bool is_head = asked.method == "HEAD";
  auto& pool = where.pool;
  if (!pool.acquire_now()) {
    const auto granted = co_await pool.acquire();
    if (!granted) co_return failure{stage::connect, "stopping"};
  }
  const connection_pool::permit held(pool);

  failure first{stage::resolve, {}};
  const auto& limits = all->shared.options;
  if (auto reused = pool.take_idle(safe_to_repeat ? limits.idle_timeout : limits.trusted_rest)) {
    ++all->shared.counters.connections_reused;
    auto end = co_await reused->exchange(bytes, is_head);
    const bool again = end.may_go_again(safe_to_repeat) && !all->stopping;
    if (!again) co_return conclude(pool, std::move(reused), std::move(end));
    first = std::move(end.failed);
  }
  auto last = co_await send_afresh(*all, where, bytes, is_head);
  // The vendor may have read the first copy even if the second never left.
  if (!last && first.in_doubt() && !last.error().in_doubt())
    co_return failure{first.reached, last.error().detail};
  co_return last;
}

base::task<boost::system::result<std::string, failure>> probe_one(std::shared_ptr<client_state> all,
                                                                  std::string url) {
  const call counted(*all);
  const auto where = parse_url(url);
  if (!where) co_return failure{stage::connect, where.error().message()};
  if (all->stopping) co_return failure{stage::connect, "stopping"};
  const auto one = new_connection(*all, *where);
  auto refused = co_await one->open();
  if (refused) co_return std::move(*refused);
  co_return one->describe();
}

base::task<> stop_all(std::shared_ptr<client_state> all) {
  all->stopping = true;
  all->shared.names->stop();
  for (auto& [origin, pool] : all->pools)
    pool.stop();
  for (auto& one : all->connections)
    one.abort();
  while (all->running > 0)
    co_await all->ended.async_wait(base::as_result);
  all->shared.deadlines->stop();
}

class pooling_client final : public client {
 public:
  explicit pooling_client(std::shared_ptr<client_state> all) : all_(std::move(all)) {}

  base::task<outcome> send(const request& what, bool safe_to_repeat) override {
    return send_one(all_, what, safe_to_repeat);
  }
  base::task<boost::system::result<std::string, failure>> probe(std::string url) override {
    return probe_one(all_, std::move(url));
  }
  base::task<> stop() override { return stop_all(all_); }
  client_counters counters() const noexcept override { return all_->shared.counters; }

 private:
  std::shared_ptr<client_state> all_;
};

}  // namespace

base::result<std::unique_ptr<client>> client::create(base::executor where, const client_options& settings) {
  std::optional<endpoint> proxy;
  if (!settings.proxy.empty()) {
    auto parsed = parse_proxy(settings.proxy);
    if (!parsed) return parsed.error();
    proxy = std::move(*parsed);
  }
  auto tls = make_client_tls(settings);
  if (!tls) return tls.error();
  auto all = std::make_shared<client_state>(where, settings, std::move(proxy), std::move(*tls));
  return std::unique_ptr<client>(std::make_unique<pooling_client>(std::move(all)));
}

}  // namespace cartrelay::http
