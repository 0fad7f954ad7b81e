#include "http/answer_reader.hpp"

#include "base/text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <iterator>

namespace cartrelay::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint32_t max_header = 64 << 10;   // cookies and policies of all that stand before a vendor
constexpr std::size_t max_pending = max_header;  // a line, or a chunk's extension, that never ends
constexpr int max_interim = 8;

/// Beast looks only when a line is complete; what is no HTTP at all may never have one.
bool begins_like_http(std::string_view received) {
  constexpr std::string_view start = "HTTP/1.";
  return received.substr(0, start.size()) == start.substr(0, received.size());
}

/// Servers without a reason phrase forget the space before it, which Beast insists on (RFC 9112, 4).
void add_forgotten_space(std::string& received) {
  constexpr auto behind_the_status = std::string_view("HTTP/1.1 200").size();
  if (received.size() > behind_the_status && received[behind_the_status] == '\r')
    received.insert(behind_the_status, 1, ' ');
}

}  // namespace

struct answer_reader::parser {
  beast_http::response_parser<beast_http::string_body> beast;
};

answer_reader::answer_reader(std::size_t max_body, bool answers_head)
    : max_body_(max_body), answers_head_(answers_head) {
  start();
}

answer_reader::~answer_reader() = default;

void answer_reader::start() {
  parser_ = std::make_unique<parser>();
  taken_ = 0;
  parser_->beast.header_limit(max_header);
  parser_->beast.body_limit(max_body_);
  parser_->beast.eager(true);
  parser_->beast.skip(answers_head_);
}

answer_reader::state answer_reader::fail(std::string what) {
  fault_ = std::move(what);
  return state::failed;
}

answer_reader::state answer_reader::feed(std::string_view bytes) {
  begun_ = begun_ || !bytes.empty();
  pending_ += bytes;
  return advance();
}

answer_reader::state answer_reader::advance() {
  auto& beast = parser_->beast;
  while (!pending_.empty()) {
    if (taken_ == 0 && !begins_like_http(pending_)) return fail("the answer is not valid HTTP");
    if (taken_ == 0) add_forgotten_space(pending_);
    error_code failure;
    const auto taken = beast.put(boost::asio::buffer(pending_), failure);
    pending_.erase(0, taken);
    taken_ += taken;
    if (beast.is_header_done() && beast.get().result_int() < 100) return fail("the answer is not valid HTTP");
    if (beast.is_header_done() && !has_known_coding())
      return fail("the answer has an unknown transfer coding");
    if (failure == beast_http::error::body_limit || failure == beast_http::error::header_limit)
      return fail("answer_too_large");
    if (failure && failure != beast_http::error::need_more) return fail("the answer is not valid HTTP");
    if (beast.is_done()) return beast.get().result_int() >= 200 ? state::done : finish_interim();
    if (pending_.size() > max_pending) return fail("the answer is not valid HTTP");
    if (failure || taken == 0) break;
  }
  return state::more;
}

/// An interim answer came to its end: what follows is another one.
answer_reader::state answer_reader::finish_interim() {
  if (parser_->beast.get().result_int() == 101) return fail("the server changed to another protocol unasked");
  if (++interim_ > max_interim) return fail("the server sends interim answers without end");
  start();
  return advance();
}

bool answer_reader::has_known_coding() const {
  const auto& message = parser_->beast.get();
  const auto range = message.equal_range(beast_http::field::transfer_encoding);
  if (range.first == range.second) return true;
  const auto value = range.first->value();
  return std::next(range.first) == range.second &&
         base::equals_ignoring_case({value.data(), value.size()}, "chunked");
}

answer_reader::state answer_reader::end_of_stream() {
  ended_ = true;
  if (!begun_) return fail("the server closed the connection without an answer");
  auto& beast = parser_->beast;
  error_code failure;
  if (beast.got_some()) beast.put_eof(failure);
  if (failure || !beast.is_done()) return fail("the answer was cut short");
  return state::done;
}

bool answer_reader::is_reusable() const {
  const auto& message = parser_->beast.get();
  const auto lengths = message.count(beast_http::field::content_length);
  const auto codings = message.count(beast_http::field::transfer_encoding);
  const bool one_framing = lengths + codings <= 1 && (message.version() == 11 || codings == 0);
  return !ended_ && pending_.empty() && one_framing && message.keep_alive();
}

response answer_reader::take() {
  auto message = parser_->beast.release();
  response answer;
  answer.status = static_cast<int>(message.result_int());
  answer.headers.reserve(static_cast<std::size_t>(std::distance(message.begin(), message.end())));
  for (const auto& field : message)
    answer.headers.add(std::string(field.name_string()), std::string(field.value()));
  answer.body = std::move(message.body());
  return answer;
}

}  // namespace cartrelay::http
