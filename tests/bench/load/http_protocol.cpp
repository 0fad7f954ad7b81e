#include "bench/load/protocol.hpp"
#include "bench/load/shop_events.hpp"

#include <strings.h>

#include <charconv>
#include <optional>

namespace cartrelay::bench {
namespace {

/// Of the line of that name; nothing if there is none. `name` is lower case and ends in a colon.
std::string_view field(std::string_view head, std::string_view name) {
  for (auto line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line + 2)) {
    auto rest = head.substr(line + 2);
    if (rest.size() < name.size() || strncasecmp(rest.data(), name.data(), name.size()) != 0) continue;
    rest = rest.substr(name.size(), rest.find("\r\n") - name.size());
    while (rest.starts_with(' '))
      rest.remove_prefix(1);
    return rest;
  }
  return {};
}

class http_protocol final : public protocol {
 public:
  http_protocol(const shop_events* events, std::string body, const std::string& host, const std::string& path,
                const std::string& headers)
      : events_(events), body_(std::move(body)) {
    head_ = "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers;
  }

  void append_request(std::string& out, std::uint64_t first, std::size_t count) const override {
    out += head_;
    if (events_ == nullptr) {
      append_length(out, body_.size());
      out += body_;
      return;
    }
    scratch_.clear();
    for (std::size_t i = 0; i < count; ++i) {
      events_->append(scratch_, first + i);
      if (count > 1) scratch_ += '\n';
    }
    out += count > 1 ? "Content-Type: application/x-ndjson\r\n" : "Content-Type: application/json\r\n";
    append_length(out, scratch_.size());
    out += scratch_;
  }

  answer read_answer(std::string_view received) const override {
    const auto end = received.find("\r\n\r\n");
    if (end == std::string_view::npos) return {};
    answer found;
    const auto head = received.substr(0, end);
    std::from_chars(head.data() + std::min<std::size_t>(9, end), head.data() + end, found.status);
    const auto digits = field(head, "content-length:");
    std::size_t length = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), length);
    found.last = field(head, "connection:") == "close";
    if (received.size() >= end + 4 + length) found.size = end + 4 + length;
    return found;
  }

 private:
  static void append_length(std::string& out, std::size_t length) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, length).ptr;
    out.append("Content-Length: ").append(digits, end).append("\r\n\r\n");
  }

  const shop_events* events_;
  std::string body_;
  std::string head_;
  mutable std::string scratch_;
};

}  // namespace

std::unique_ptr<protocol> make_http(const shop_events& events, std::string host, std::string path,
                                    std::string headers) {
  return std::make_unique<http_protocol>(&events, "", host, path, headers);
}

std::unique_ptr<protocol> make_fixed_http(std::string body, std::string host, std::string path,
                                          std::string headers) {
  return std::make_unique<http_protocol>(nullptr, std::move(body), host, path, headers);
}

}  // namespace cartrelay::bench
