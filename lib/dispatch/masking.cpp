#include "dispatch/masking.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace cartrelay::dispatch {
namespace {

constexpr std::string_view masked = "***";
constexpr std::array<std::string_view, 5> credential_headers{"Authorization", "Proxy-Authorization", "Cookie",
                                                             "rokt-api-key", "X-Api-Key"};
constexpr std::array<std::string_view, 4> credential_members{"\"access_token\"", "\"refresh_token\"",
                                                             "\"client_secret\"", "\"id_token\""};

void replace_all(std::string& in, std::string_view what) {
  if (what.empty()) return;
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + masked.size()))
    in.replace(at, what.size(), masked);
}

/// A text that was cut may end within a secret: then its beginning goes too.
void mask_cut_end(std::string& text, std::string_view secret) {
  constexpr std::size_t telling = 6;
  for (auto size = std::min(secret.size() - 1, text.size()); size >= telling; --size) {
    if (!text.ends_with(secret.substr(0, size))) continue;
    text.replace(text.size() - size, size, masked);
    return;
  }
}

/// The end of the JSON string that begins at `at` (its opening quote), or npos.
std::size_t string_end(std::string_view json, std::size_t at) {
  for (auto next = at + 1; next < json.size(); ++next) {
    if (json[next] == '\\')
      ++next;
    else if (json[next] == '"')
      return next;
  }
  return std::string_view::npos;
}

/// Texts only: a token is one.
void mask_member(std::string& json, std::string_view quoted_name) {
  constexpr std::string_view blank = " \t\r\n";
  for (auto at = json.find(quoted_name); at != std::string::npos; at = json.find(quoted_name, at + 1)) {
    auto value = json.find_first_not_of(blank, at + quoted_name.size());
    if (value == std::string::npos || json[value] != ':') continue;
    value = json.find_first_not_of(blank, value + 1);
    if (value == std::string::npos || json[value] != '"') continue;
    const auto end = std::min(string_end(json, value), json.size());
    json.replace(value + 1, end - value - 1, masked);
  }
}

bool names_credential(std::string_view header) {
  return std::any_of(credential_headers.begin(), credential_headers.end(),
                     [&](std::string_view name) { return base::equals_ignoring_case(name, header); });
}

std::string inside_quotes(std::string quoted) {
  return quoted.substr(1, quoted.size() - 2);
}

/// At most `size` bytes, whole characters.
std::string_view beginning(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
    --size;
  return text.substr(0, size);
}

}  // namespace

masking::masking(const destinations::options& given) {
  const auto hide = [this](const std::string& value) {
    if (value.empty()) return;
    for (const auto& form : {value, inside_quotes(base::json_string(value)), base::percent_encode(value)})
      hidden_.emplace_back(form);
  };
  hide(given.secret.reveal());
  for (const auto& [name, value] : given.own)
    if (const auto* secret = std::get_if<base::secret>(&value)) hide(secret->reveal());
  // The longest first: what holds another one must not be left half masked.
  std::sort(hidden_.begin(), hidden_.end(), [](const base::secret& a, const base::secret& b) {
    return a.reveal().size() > b.reveal().size();
  });
}

std::string masking::text(std::string_view words) const {
  std::string out(words);
  for (const auto& secret : hidden_) {
    replace_all(out, secret.reveal());
    mask_cut_end(out, secret.reveal());
  }
  for (const auto name : credential_members)
    mask_member(out, name);
  return out;
}

http::request masking::request(const http::request& what) const {
  http::request out;
  out.method = what.method;
  out.target = text(what.target);
  for (const auto& [name, value] : what.headers)
    out.headers.add(name, names_credential(name) ? std::string(masked) : text(value));
  out.body = text(what.body);
  return out;
}

std::string masking::evidence(const http::request& what) const {
  const auto shown = request(what);
  std::string out;
  base::json_writer writer(out);
  writer.begin_object()
      .member("method", shown.method)
      .member("url", shown.target)
      .key("headers")
      .begin_object();
  for (const auto& [name, value] : shown.headers)
    writer.member(name, value);
  writer.end_object().member("body", beginning(shown.body, longest_body));
  if (shown.body.size() > longest_body) writer.member("body_bytes", shown.body.size());
  writer.end_object();
  return out;
}

std::string summary(const http::request& what) {
  return what.method + ' ' + what.target.substr(0, what.target.find_first_of("?#"));
}

}  // namespace cartrelay::dispatch
