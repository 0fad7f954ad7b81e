#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "base/timer.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::http {

/// Names to addresses, on a thread of its own: the system's resolver blocks, for ten seconds and more when a
/// name server is silent. Answers are kept for 30 s; those who ask for the same name share one look-up.
///
/// Thread rules: everything on one I/O thread. The thread cannot be interrupted in a look-up, so stop()
/// leaves it behind: it owns what it touches and delivers nothing any more.
class resolver : public std::enable_shared_from_this<resolver> {
 public:
  using addresses = std::vector<boost::asio::ip::tcp::endpoint>;

  explicit resolver(const base::executor& where);
  ~resolver();
  resolver(const resolver&) = delete;
  resolver& operator=(const resolver&) = delete;

  /// At least one address, best first; an IP address is its own answer. `port` is a number.
  [[nodiscard]] base::task<base::result<addresses>> resolve(std::string host, std::string port,
                                                            std::chrono::milliseconds timeout);
  /// This address of the name answered: try it first next time, also where the name is looked up anew and has
  /// it still.
  void prefer(const std::string& host, const std::string& port,
              const boost::asio::ip::tcp::endpoint& address);
  /// Everybody who waits gets a failure.
  void stop();

 private:
  struct worker;
  using hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
  struct waiter : hook {
    explicit waiter(const base::executor& where) : wake(where) {}
    base::timer wake;
  };
  struct name {
    addresses found;
    std::optional<boost::asio::ip::tcp::endpoint> preferred;  ///< over one before it that did not answer
    std::string fault;
    base::steady_time good_until{};
    bool asking = false;
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiting;
  };

  /// False: there is no thread to ask, and the next one who asks tries again.
  bool ask(const std::string& host, const std::string& port, name& what);
  bool hire();
  static void move_to_front(name& what);
  void arrived(const std::string& key, addresses found, std::string fault);

  base::executor where_;
  std::map<std::string, name> names_;  // by host:port
  std::shared_ptr<worker> worker_;     // made when first needed
  bool stopped_ = false;
};

}  // namespace cartrelay::http
