#pragma once

#include "http/message.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace cartrelay::http {

/// Reads one answer from the bytes that a server sends, skipping interim (1xx) answers. No sockets. What a
/// server may do to us is bounded: a header of 64 KiB, a body of `max_body` bytes, eight interim answers.
class answer_reader {
 public:
  enum class state { more, done, failed };

  answer_reader(std::size_t max_body, bool answers_head);
  ~answer_reader();

  /// Not after done or failed.
  [[nodiscard]] state feed(std::string_view bytes);
  /// The server has closed, properly as far as the connection can tell.
  [[nodiscard]] state end_of_stream();

  /// Any byte has come.
  [[nodiscard]] bool begun() const noexcept { return begun_; }
  /// After done and before take(): the connection may carry another request. False if the server said so, if
  /// bytes follow the answer (they would become the next one's answer), or if its end could be read in two
  /// ways.
  [[nodiscard]] bool is_reusable() const;
  /// After done, once.
  [[nodiscard]] response take();
  /// After failed: what is wrong, without a word from the server.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
  struct parser;

  void start();
  state advance();
  state fail(std::string what);
  state finish_interim();
  [[nodiscard]] bool has_known_coding() const;

  std::unique_ptr<parser> parser_;
  std::size_t max_body_;
  bool answers_head_;
  std::string pending_;    // received and not yet taken by the parser
  std::size_t taken_ = 0;  // by the parser, of this answer
  std::string fault_;
  int interim_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace cartrelay::http
