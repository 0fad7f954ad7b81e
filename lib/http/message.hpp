#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests and responses as plain values: nothing above this room sees the HTTP library.
namespace cartrelay::http {

/// Header fields in order. Names compare without regard to case.
class fields {
 public:
  void add(std::string name, std::string value) { list_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string_view name, std::string value);
  /// The first of that name, or nothing.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
  [[nodiscard]] auto begin() const noexcept { return list_.begin(); }
  [[nodiscard]] auto end() const noexcept { return list_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return list_.size(); }
  void clear() noexcept { list_.clear(); }
  void reserve(std::size_t count) { list_.reserve(count); }

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

/// Visible ASCII, space and tab only, without leading or trailing space: what may stand in a field's value.
[[nodiscard]] bool is_valid_field_value(std::string_view value) noexcept;
/// A token of RFC 9110, 5.6.2: what a field may be called.
[[nodiscard]] bool is_valid_field_name(std::string_view name) noexcept;

struct request {
  std::string method;  ///< `POST`
  std::string
      target;  ///< server: origin-form `/v1/events?a=b`. client: the whole URL `https://host:port/path?query`
  fields headers;
  std::string body;

  [[nodiscard]] std::string_view path() const noexcept;   ///< server side: the target up to `?`, not decoded
  [[nodiscard]] std::string_view query() const noexcept;  ///< server side: what follows `?`
};

struct wire_script;

struct response {
  int status = 200;
  fields headers;
  std::string body;
  /// Server side: set by a handler that plays a sick peer; the session follows it and answers nothing else.
  std::shared_ptr<const wire_script> script = nullptr;
};

/// `a=1&b=%20` decoded into pairs; nothing if an escape is malformed.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(
    std::string_view query);
/// `Not Found`; empty for a status that has none of its own.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;
/// A URL up to its query or fragment.
[[nodiscard]] std::string_view without_query(std::string_view url) noexcept;

/// A fault inside a request's body, for problem().
struct problem_entry {
  std::string pointer;
  std::string detail;
  std::optional<std::size_t> index;
};
/// An RFC 9457 application/problem+json response of no type of its own, so that its title is the status'
/// phrase.
[[nodiscard]] response problem(int status, std::string_view detail,
                               const std::vector<problem_entry>& errors = {}, std::string_view reason = {});
/// A 503 with Retry-After, and in one word why.
[[nodiscard]] response unavailable(std::string_view reason, std::string_view detail,
                                   std::chrono::seconds retry_after);
[[nodiscard]] response json_response(int status, std::string body);

}  // namespace cartrelay::http
