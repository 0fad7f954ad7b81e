#include "bench/load/protocol.hpp"
#include "bench/load/shop_events.hpp"

#include <charconv>

namespace cartrelay::bench {
namespace {

void append_bulk(std::string& out, std::string_view text) {
  out += '$';
  out += std::to_string(text.size());
  out += "\r\n";
  out += text;
  out += "\r\n";
}

/// RESP 2: `$length CR LF bytes CR LF`, or one line beginning with `-` or `+`.
class redis_protocol final : public protocol {
 public:
  explicit redis_protocol(const shop_events& events) : events_(events) {}

  void append_request(std::string& out, std::uint64_t first, std::size_t) const override {
    out += "*7\r\n$4\r\nXADD\r\n$6\r\nevents\r\n$1\r\n*\r\n$2\r\nid\r\n";
    append_bulk(out, events_.id(first));
    out += "$4\r\nbody\r\n";
    scratch_.clear();
    events_.append(scratch_, first);
    append_bulk(out, scratch_);
  }

  answer read_answer(std::string_view received) const override {
    const auto line = received.find("\r\n");
    if (line == std::string_view::npos) return {};
    if (received.front() != '$') return {line + 2, received.front() == '-' ? 500 : 200};
    std::size_t length = 0;
    std::from_chars(received.data() + 1, received.data() + line, length);
    const auto size = line + 2 + length + 2;
    return {received.size() >= size ? size : 0, 200};
  }

 private:
  const shop_events& events_;
  mutable std::string scratch_;
};

}  // namespace

std::unique_ptr<protocol> make_redis(const shop_events& events) {
  return std::make_unique<redis_protocol>(events);
}

}  // namespace cartrelay::bench
