#pragma once

#include "http/answer_reader.hpp"
#include "http/client.hpp"
#include "http/deadline_watch.hpp"
#include "http/resolver.hpp"
#include "http/tls_sessions.hpp"
#include "http/transport.hpp"

#include <boost/intrusive/list.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cartrelay::http {

/// What the connections of one client share. Lives as long as the last of them.
struct connection_setting {
  client_options options;
  std::optional<endpoint> proxy;
  base::executor where;
  boost::asio::ssl::context& tls;
  tls_sessions& sessions;
  std::shared_ptr<resolver> names;
  std::shared_ptr<deadline_watch> deadlines;
  client_counters counters;
};

/// How one request on one connection ended.
struct exchange_end {
  std::optional<response> answer;
  failure failed;             ///< if there is no answer
  bool reusable = false;      ///< the connection can carry another request
  bool answer_begun = false;  ///< some byte of an answer came
  bool nothing_sent = false;  ///< no byte of the request left this machine
  bool timed_out = false;     ///< by our clock, or because the client stops

  /// It may be the connection alone that failed, and a second copy does no harm.
  [[nodiscard]] bool may_go_again(bool safe_to_repeat) const noexcept {
    return !answer && !answer_begun && !timed_out && (safe_to_repeat || nothing_sent);
  }
};

/// One connection to a vendor, from the look-up of its name to its close. One call at a time.
///
/// Thread rules: the client's I/O thread. Outlives its calls.
class connection final
    : public watched,
      public boost::intrusive::list_base_hook<boost::intrusive::tag<struct all_connections>,
                                              boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  connection(connection_setting& shared, endpoint peer);
  ~connection() override;

  /// Resolves, then at each address in turn: connects, asks the proxy if there is one, does the handshake; an
  /// address may take connections and lead nowhere. Nothing: the connection stands. Else what failed at the
  /// address where it came furthest.
  [[nodiscard]] base::task<std::optional<failure>> open();
  /// Sends a request and reads its answer. `bytes` lives until the end.
  [[nodiscard]] base::task<exchange_end> exchange(const std::string& bytes, bool is_head);

  /// Puts it aside until it is used again or idle_timeout passes.
  void rest();
  /// Takes it back: false if it rested for longer than `at_most`, or the server has closed it, or has sent
  /// what nobody asked for.
  [[nodiscard]] bool wake(std::chrono::milliseconds at_most);
  /// Its time has not passed while it rested.
  [[nodiscard]] bool is_open() const noexcept { return transport_ != nullptr; }
  /// Ends whatever runs, with a failure.
  void abort() noexcept;
  /// `93.184.216.34:443, TLSv1.3`
  [[nodiscard]] std::string describe() const;

 private:
  using tcp_endpoint = boost::asio::ip::tcp::endpoint;

  void on_deadline() noexcept override;
  void close() noexcept;
  [[nodiscard]] bool through_proxy() const noexcept { return shared_.proxy && peer_.tls; }
  [[nodiscard]] bool is_over() const noexcept { return expired_ || aborted_; }
  [[nodiscard]] std::string why(const boost::system::error_code& failure) const;
  failure fail_at(stage reached, const std::string& doing, const boost::system::error_code& error) const;

  base::task<boost::system::error_code> connect(tcp_endpoint address);
  base::task<std::optional<failure>> open_at(tcp_endpoint address, const endpoint& hop);
  base::task<std::optional<failure>> ask_proxy();
  base::task<std::optional<failure>> shake_hands();
  base::task<exchange_end> read_answer(bool is_head, std::optional<failure> writing);

  connection_setting& shared_;
  endpoint peer_;
  stream_socket socket_;                  // while connecting
  std::unique_ptr<transport> transport_;  // afterwards
  std::unique_ptr<char[]> input_;
  tcp_endpoint address_;
  base::steady_time rests_since_;
  bool counted_ = false;
  bool resting_ = false;
  bool expired_ = false;
  bool aborted_ = false;
};

}  // namespace cartrelay::http
