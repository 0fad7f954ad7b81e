#include "http/head_check.hpp"

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "http/message.hpp"

#include <algorithm>
#include <optional>

namespace cartrelay::http {
namespace {

using base::equals_ignoring_case;

constexpr std::size_t longest_method = 20;

head_verdict refuse(int status, std::string_view detail) {
  head_verdict verdict;
  verdict.what = head_verdict::state::refused;
  verdict.status = status;
  verdict.detail = detail;
  return verdict;
}

head_verdict not_http() {
  auto verdict = refuse(400, "This is not an HTTP/1.1 request.");
  verdict.foreign = true;
  return verdict;
}

bool is_method_character(char c) {
  return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool is_target_character(char c) {
  return c > ' ' && c < 0x7f && c != '#' && c != '"' && c != '<' && c != '>' && c != '\\';
}

bool is_value_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

bool is_host_character(char c) {
  return base::is_alphanumeric(c) || std::string_view("-._~:[]%!$&'()*+;=").find(c) != std::string_view::npos;
}

/// Calls `each` with the elements of a comma-separated list, without the space around them.
template <class Each>
void for_each_element(std::string_view list, Each each) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    each(base::trim(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

/// One head, line by line.
class examination {
 public:
  explicit examination(const head_limits& limits) : limits_(limits) {}

  /// The line without its line break. Nothing: it is acceptable.
  std::optional<head_verdict> request_line(std::string_view line) {
    const auto method_end = line.find(' ');
    const auto target_end = line.rfind(' ');
    if (method_end == std::string_view::npos || method_end == target_end || method_end == 0)
      return not_http();
    const auto method = line.substr(0, method_end);
    const auto target = line.substr(method_end + 1, target_end - method_end - 1);
    const auto version = line.substr(target_end + 1);
    if (method.size() > longest_method || !std::all_of(method.begin(), method.end(), is_method_character))
      return not_http();
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return not_http();
    facts_.version_1_0 = version == "HTTP/1.0";
    facts_.keep_alive = !facts_.version_1_0;
    facts_.is_head = method == "HEAD";
    needs_length_ = method == "POST";  // nothing here takes other methods with a body
    if (target.empty() || target.front() != '/')
      return refuse(400, "The request target must be a path that starts with a slash.");
    if (!std::all_of(target.begin(), target.end(), is_target_character))
      return refuse(400, "The request target holds a character that must be percent-encoded.");
    return std::nullopt;
  }

  std::optional<head_verdict> field_line(std::string_view line) {
    if (++count_ > limits_.max_fields) return refuse(431, "The request has too many header fields.");
    if (line.front() == ' ' || line.front() == '\t') return refuse(400, "A header line is folded.");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_valid_field_name(line.substr(0, colon)))
      return refuse(400, "A header field has a malformed name.");
    const auto value = base::trim(line.substr(colon + 1));
    if (!std::all_of(value.begin(), value.end(), is_value_character))
      return refuse(400, "A header field holds a control character.");
    return field(line.substr(0, colon), value);
  }

  head_verdict end(std::size_t size) {
    if (hosts_ != 1) return refuse(400, "A request must have exactly one Host field.");
    if (lengths_ > 0 && codings_ > 0)
      return refuse(400, "A request must not have both Content-Length and Transfer-Encoding.");
    if (facts_.version_1_0 && codings_ > 0) return refuse(400, "HTTP/1.0 knows no Transfer-Encoding.");
    if (needs_length_ && lengths_ + codings_ == 0)
      return refuse(411, "The request needs a Content-Length, or Transfer-Encoding: chunked.");
    if (unknown_expectation_) return refuse(417, "The only expectation known here is 100-continue.");
    if (facts_.version_1_0) facts_.expects_continue = false;
    if (codings_ > 0) facts_.framing = head_facts::body::chunked;
    if (lengths_ > 0 && facts_.length > 0) facts_.framing = head_facts::body::sized;
    facts_.size = size;
    head_verdict verdict;
    verdict.what = head_verdict::state::complete;
    verdict.facts = facts_;
    return verdict;
  }

 private:
  std::optional<head_verdict> field(std::string_view name, std::string_view value) {
    switch (name.size()) {
      case 4:
        if (equals_ignoring_case(name, "host")) return host(value);
        break;
      case 6:
        if (equals_ignoring_case(name, "expect")) expect(value);
        break;
      case 10:
        if (equals_ignoring_case(name, "connection")) connection(value);
        break;
      case 12:
        if (equals_ignoring_case(name, "content-type")) return content_type(value);
        break;
      case 14:
        if (equals_ignoring_case(name, "content-length")) return content_length(value);
        break;
      case 16:
        if (equals_ignoring_case(name, "content-encoding")) content_encoding(value);
        break;
      case 17:
        if (equals_ignoring_case(name, "transfer-encoding")) return transfer_encoding(value);
        break;
      default:
        break;
    }
    return std::nullopt;
  }

  std::optional<head_verdict> host(std::string_view value) {
    if (++hosts_ > 1) return refuse(400, "A request must have exactly one Host field.");
    if (value.empty() || !std::all_of(value.begin(), value.end(), is_host_character))
      return refuse(400, "The Host field is malformed.");
    return std::nullopt;
  }

  std::optional<head_verdict> content_type(std::string_view value) {
    if (type_.data() != nullptr && type_ != value)
      return refuse(400, "The request has two different Content-Type fields.");
    type_ = value;
    return std::nullopt;
  }

  std::optional<head_verdict> content_length(std::string_view value) {
    if (++lengths_ > 1) return refuse(400, "The request has several Content-Length fields.");
    // 18 digits always fit, and no body of ours comes near.
    if (value.empty() || value.size() > 18 || !std::all_of(value.begin(), value.end(), base::is_digit))
      return refuse(400, "The Content-Length is not a number.");
    for (const char c : value)
      facts_.length = facts_.length * 10 + static_cast<std::uint64_t>(c - '0');
    return std::nullopt;
  }

  std::optional<head_verdict> transfer_encoding(std::string_view value) {
    if (++codings_ > 1 || !equals_ignoring_case(value, "chunked"))
      return refuse(400, "The only Transfer-Encoding known here is chunked, once.");
    return std::nullopt;
  }

  void content_encoding(std::string_view value) {
    const bool is_gzip = equals_ignoring_case(value, "gzip") || equals_ignoring_case(value, "x-gzip");
    if (++contents_ > 1 || (!is_gzip && !equals_ignoring_case(value, "identity")))
      facts_.content = head_facts::coding::unknown;
    else if (is_gzip)
      facts_.content = head_facts::coding::gzip;
  }

  void expect(std::string_view value) {
    if (equals_ignoring_case(value, "100-continue"))
      facts_.expects_continue = true;
    else
      unknown_expectation_ = true;
  }

  void connection(std::string_view value) {
    for_each_element(value, [this](std::string_view option) {
      if (equals_ignoring_case(option, "close")) closes_ = true;
      if (equals_ignoring_case(option, "keep-alive") && facts_.version_1_0) facts_.keep_alive = true;
    });
    if (closes_) facts_.keep_alive = false;
  }

  head_limits limits_;
  head_facts facts_;
  std::size_t count_ = 0;
  int hosts_ = 0;
  int lengths_ = 0;
  int codings_ = 0;
  int contents_ = 0;
  std::string_view type_;  // null until it has stood there
  bool needs_length_ = false;
  bool unknown_expectation_ = false;
  bool closes_ = false;
};

head_verdict incomplete(std::string_view received, const head_limits& limits) {
  if (received.size() >= limits.max_size) return refuse(431, "The request's header is too large.");
  return {};
}

/// Whether a head may begin so: a method in capitals, then a space.
bool begins_like_http(std::string_view received) {
  const auto end = std::min(received.find(' '), received.size());
  const auto method = received.substr(0, end);
  return (end > 0 || received.empty()) && method.size() <= longest_method &&
         std::all_of(method.begin(), method.end(), is_method_character);
}

constexpr std::string_view broken_line = "A header line does not end in CR LF.";

/// The end of the line that starts at `from`, where its CR stands; npos: it has not come yet.
struct line_end {
  std::size_t at = std::string_view::npos;
  bool malformed = false;
};
line_end find_line_end(std::string_view received, std::size_t from) {
  const auto feed = received.find('\n', from);
  const auto carriage = received.find('\r', from);
  if (feed == std::string_view::npos) {
    const bool bare = carriage != std::string_view::npos && carriage + 1 < received.size();
    return {std::string_view::npos, bare};
  }
  if (feed == from || carriage != feed - 1) return {feed, true};
  return {carriage, false};
}

}  // namespace

head_verdict check_head(std::string_view received, const head_limits& limits, std::size_t seen) noexcept {
  if (!begins_like_http(received)) return not_http();
  // What an earlier call saw is in order as far as it goes, but for a CR at its end: that one has to be
  // followed by LF.
  if (seen > 0 && received.find_first_of("\r\n", seen - 1) == std::string_view::npos)
    return incomplete(received, limits);

  examination examined(limits);
  std::size_t from = 0;
  while (true) {
    const auto line = find_line_end(received, from);
    if (line.malformed) return from == 0 ? not_http() : refuse(400, broken_line);
    if (line.at == std::string_view::npos) return incomplete(received, limits);
    if (line.at + 2 > limits.max_size) return refuse(431, "The request's header is too large.");
    const auto text = received.substr(from, line.at - from);
    if (from > 0 && text.empty()) return examined.end(line.at + 2);
    const auto fault = from == 0 ? examined.request_line(text) : examined.field_line(text);
    if (fault) return *fault;
    from = line.at + 2;
  }
}

}  // namespace cartrelay::http
