#pragma once

#include "http/chunk_decoder.hpp"
#include "http/deadline_watch.hpp"
#include "http/head_check.hpp"
#include "http/input_buffer.hpp"
#include "http/session_registry.hpp"
#include "http/transport.hpp"

#include <memory>
#include <optional>
#include <string>

namespace cartrelay::http {

/// One connection of a listener, from the handshake to the close: reads requests one after the other, asks
/// the handler, and writes the answers in order. Answers are written together when several are ready before
/// the next read or the next call of the handler, and with those of other sessions when they became ready
/// together.
///
/// Thread rules: the listener's I/O thread. run() ends when the connection is closed.
class session final : public watched, public session_hook, public burst_member {
 public:
  session(std::unique_ptr<transport> connected, peer from, std::shared_ptr<session_registry> registry);
  ~session() override;

  [[nodiscard]] base::task<> run();

  /// Closes if it has no request; otherwise the answer to come is its last.
  void finish_soon() noexcept;
  /// Closes at once, whatever it does.
  void abort() noexcept;
  /// Since when it has waited for a request to begin; nothing: it is busy.
  [[nodiscard]] std::optional<base::steady_time> idle_since() const noexcept;

 private:
  enum class phase { idle, head, body, handling, writing, lingering };

  static constexpr std::size_t memory_kept = 64 << 10;  // of a body or an answer, for the next
  // Of a client, for reading its last answer while the server stops.
  static constexpr std::chrono::milliseconds parting_time{300};

  void on_deadline() noexcept override;
  [[nodiscard]] int descriptor() noexcept override;
  [[nodiscard]] std::string_view unsent() const noexcept override { return output_; }
  void on_sent(std::size_t count, const boost::system::error_code& failure) noexcept override;

  base::task<> serve();
  void tell_failed_handshake(const boost::system::error_code& why);
  base::task<bool> serve_request();  // whether another may follow
  base::task<bool> receive_head();
  base::task<bool> receive_body();
  base::task<bool> receive_sized();
  base::task<bool> receive_chunked();
  base::task<std::size_t> receive(boost::asio::mutable_buffer into);  // 0: the connection is over
  base::task<response> ask_handler();
  // In session_answers.cpp:
  static response failure_answer();
  bool answer(const response& what, bool keep_alive);
  [[nodiscard]] bool has_room_for(const response& what) const noexcept;
  bool refuse(int status, std::string_view detail);
  bool refuse(const head_verdict& why);
  bool refuse_large(std::string_view what);
  bool turn_away(const response& what);
  bool must_wait_to_write();
  bool leaves_with_others();
  bool has_answers_under_way();
  bool has_sent(std::size_t count, const boost::system::error_code& failure);
  base::task<bool> flush();
  void forget_written(std::size_t& count);
  base::task<> linger();
  // In session_script.cpp:
  base::task<> play(std::shared_ptr<const wire_script> script);
  base::task<> rest(std::chrono::milliseconds span);
  base::task<> hold();

  void begin_request();
  void rest_until_request();
  void arm_read_deadline();
  std::optional<response> screen();
  bool accept_body();
  bool inflate_body();
  bool hold_body(std::size_t size);
  void count_large(std::size_t& mine, std::size_t size) noexcept;
  [[nodiscard]] bool is_too_much(std::size_t size) const noexcept;

  std::unique_ptr<transport> transport_;
  peer peer_;
  std::shared_ptr<session_registry> registry_;
  std::shared_ptr<const server_options> limits_;
  input_buffer input_;
  std::string output_;
  request request_;
  head_facts facts_;
  base::steady_time started_;  // the first byte of the request
  base::steady_time rested_;   // since when idle
  std::size_t served_ = 0;
  std::size_t held_ = 0;    // of registry_->large_bodies: what is received
  std::size_t unread_ = 0;  // and what waits to be written
  phase phase_ = phase::idle;
  bool expired_ = false;
  bool interrupted_ = false;  // what was read, by an answer that has to be waited for
  bool lingers_ = false;      // after its last answer
};

}  // namespace cartrelay::http
