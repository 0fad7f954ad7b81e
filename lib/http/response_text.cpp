#include "http/response_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace cartrelay::http {
namespace {

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number);
  out.append(digits, end.ptr);
}

bool is_framing_field(std::string_view name) {
  return base::equals_ignoring_case(name, "content-length") ||
         base::equals_ignoring_case(name, "connection") ||
         base::equals_ignoring_case(name, "transfer-encoding") ||
         base::equals_ignoring_case(name, "keep-alive");
}

bool has_no_content(int status) {
  return status == 204 || status == 304;
}

}  // namespace

bool append_response(std::string& out, const response& answer, const answer_framing& framing) {
  const auto is_valid = [](const auto& field) {
    return is_valid_field_name(field.first) && is_valid_field_value(field.second);
  };
  if (!std::all_of(answer.headers.begin(), answer.headers.end(), is_valid)) return false;

  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(answer.status));
  out += ' ';
  out += reason_phrase(answer.status);
  out += "\r\n";
  if (!framing.date.empty()) out.append("Date: ").append(framing.date).append("\r\n");
  for (const auto& [name, value] : answer.headers) {
    if (is_framing_field(name)) continue;
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  }
  if (!has_no_content(answer.status)) {
    out += "Content-Length: ";
    append_number(out, answer.body.size());
    out += "\r\n";
  }
  if (!framing.keep_alive)
    out += "Connection: close\r\n";
  else if (framing.version_1_0)
    out += "Connection: keep-alive\r\n";
  out += "\r\n";
  if (!framing.without_body && !has_no_content(answer.status)) out += answer.body;
  return true;
}

}  // namespace cartrelay::http
