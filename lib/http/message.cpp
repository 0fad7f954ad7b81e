#include "http/message.hpp"

#include "base/ascii.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace cartrelay::http {

void fields::set(std::string_view name, std::string value) {
  const auto same = [name](const auto& field) { return base::equals_ignoring_case(field.first, name); };
  const auto first = std::find_if(list_.begin(), list_.end(), same);
  if (first == list_.end()) {
    list_.emplace_back(std::string(name), std::move(value));
    return;
  }
  first->second = std::move(value);
  list_.erase(std::remove_if(first + 1, list_.end(), same), list_.end());
}

std::optional<std::string_view> fields::find(std::string_view name) const noexcept {
  for (const auto& field : list_)
    if (base::equals_ignoring_case(field.first, name)) return field.second;
  return std::nullopt;
}

bool is_valid_field_value(std::string_view value) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  if (!value.empty() && (is_blank(value.front()) || is_blank(value.back()))) return false;
  return std::all_of(value.begin(), value.end(),
                     [&](char c) { return (c > ' ' && c < 0x7f) || is_blank(c); });
}

bool is_valid_field_name(std::string_view name) noexcept {
  const auto is_token = [](char c) {
    return base::is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token);
}

std::string_view request::path() const noexcept {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view request::query() const noexcept {
  const auto mark = target.find('?');
  return mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
}

namespace {

std::optional<std::string> decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return base::percent_decode(spaced);
}

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.empty()) continue;
    const auto equals = std::min(part.find('='), part.size());
    auto name = decode(part.substr(0, equals));
    auto value = decode(equals < part.size() ? part.substr(equals + 1) : std::string_view{});
    if (!name || !value) return std::nullopt;
    pairs.emplace_back(std::move(*name), std::move(*value));
  }
  return pairs;
}

// Not find_first_of(), which makes a call for each character.
std::string_view without_query(std::string_view url) noexcept {
  return url.substr(0, std::min(url.find('?'), url.find('#')));
}

std::string_view reason_phrase(int status) noexcept {
  struct row {
    int status;
    std::string_view words;
  };
  static constexpr row rows[] = {
      {100, "Continue"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {423, "Locked"},
      {425, "Too Early"},
      {426, "Upgrade Required"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {451, "Unavailable For Legal Reasons"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  };
  for (const auto& candidate : rows)
    if (candidate.status == status) return candidate.words;
  return {};
}

response problem(int status, std::string_view detail, const std::vector<problem_entry>& errors,
                 std::string_view reason) {
  response answer;
  answer.status = status;
  answer.headers.add("Content-Type", "application/problem+json");
  base::json_writer json(answer.body);
  json.begin_object().member("type", "about:blank");
  json.member("title", reason_phrase(status)).member("status", status);
  if (!detail.empty()) json.member("detail", detail);
  if (!reason.empty()) json.member("reason", reason);
  if (!errors.empty()) {
    json.key("errors").begin_array();
    for (const auto& entry : errors) {
      json.begin_object().member("pointer", entry.pointer).member("detail", entry.detail);
      if (entry.index) json.member("index", *entry.index);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  return answer;
}

response unavailable(std::string_view reason, std::string_view detail, std::chrono::seconds retry_after) {
  auto answer = problem(503, detail, {}, reason);
  answer.headers.add("Retry-After", std::to_string(retry_after.count()));
  return answer;
}

response json_response(int status, std::string body) {
  response answer;
  answer.status = status;
  answer.headers.add("Content-Type", "application/json");
  answer.body = std::move(body);
  return answer;
}

}  // namespace cartrelay::http
