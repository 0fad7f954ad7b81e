#include "http/chunk_decoder.hpp"

#include "base/text.hpp"
#include "http/message.hpp"

#include <algorithm>
#include <array>

namespace cartrelay::http {
namespace {

constexpr std::size_t max_digits = 8;
constexpr std::size_t max_overhead = 4096;

bool is_text(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/// What steers framing, routing or access must have been said in the head.
bool is_forbidden_trailer(std::string_view name) {
  static constexpr std::array<std::string_view, 12> forbidden{
      "content-length", "transfer-encoding", "host",       "connection", "content-encoding", "content-type",
      "authorization",  "trailer",           "keep-alive", "expect",     "upgrade",          "te"};
  return std::any_of(forbidden.begin(), forbidden.end(),
                     [name](std::string_view one) { return base::equals_ignoring_case(one, name); });
}

}  // namespace

chunk_decoder::state chunk_decoder::feed(std::string_view& input, std::string& body) {
  auto now = state::more;
  while (now == state::more && !input.empty())
    now = step(input, body);
  return now;
}

chunk_decoder::state chunk_decoder::step(std::string_view& input, std::string& body) {
  if (where_ == place::data) {
    const auto part = input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(size_, input.size())));
    body += part;
    input.remove_prefix(part.size());
    size_ -= part.size();
    if (size_ == 0) where_ = place::data_end;
    return state::more;
  }
  const char c = input.front();
  input.remove_prefix(1);
  switch (where_) {
    case place::size:
      return on_size(c, body.size());
    case place::extension:
      if (c == '\r') {
        where_ = place::size_end;
        return state::more;
      }
      return is_text(c) && ++overhead_ <= max_overhead ? state::more : state::malformed;
    case place::size_end:
      return c == '\n' ? on_size_line_end() : state::malformed;
    case place::data_end:
      where_ = place::data_end_feed;
      return c == '\r' ? state::more : state::malformed;
    case place::data_end_feed:
      where_ = place::size;
      return c == '\n' ? state::more : state::malformed;
    case place::trailer:
      return on_trailer(c);
    case place::trailer_feed:
      return c == '\n' ? on_trailer_line() : state::malformed;
    case place::data:
      break;
  }
  return state::malformed;
}

chunk_decoder::state chunk_decoder::on_size(char c, std::size_t body_size) {
  const int digit = base::hex_value(c);
  if (digit >= 0) {
    if (++digits_ > max_digits) return state::malformed;
    size_ = size_ * 16 + static_cast<std::uint64_t>(digit);
    return body_size + size_ > max_body_ ? state::too_large : state::more;
  }
  if (digits_ == 0) return state::malformed;
  if (c == '\r')
    where_ = place::size_end;
  else if (c == ';')
    where_ = place::extension;
  else
    return state::malformed;
  return state::more;
}

chunk_decoder::state chunk_decoder::on_size_line_end() {
  digits_ = 0;
  where_ = size_ == 0 ? place::trailer : place::data;
  return state::more;
}

chunk_decoder::state chunk_decoder::on_trailer(char c) {
  if (c == '\r') {
    where_ = place::trailer_feed;
    return state::more;
  }
  if (!is_text(c) || ++overhead_ > max_overhead) return state::malformed;
  line_ += c;
  return state::more;
}

chunk_decoder::state chunk_decoder::on_trailer_line() {
  if (line_.empty()) return state::done;
  const auto colon = std::min(line_.find(':'), line_.size());
  const auto name = std::string_view(line_).substr(0, colon);
  if (colon == line_.size() || !is_valid_field_name(name) || is_forbidden_trailer(name))
    return state::malformed;
  line_.clear();
  where_ = place::trailer;
  return state::more;
}

}  // namespace cartrelay::http
