#include "dispatch/masking.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "dispatch/written.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace cartrelay::dispatch {
namespace {

constexpr std::string_view masked = "***";
/// Words in the names of headers that carry credentials, whatever a vendor calls them.
constexpr std::array<std::string_view, 9> credential_words{
    "authorization", "cookie", "api-key", "apikey", "token", "secret", "password", "signature", "credential"};
constexpr std::array<std::string_view, 4> credential_members{"\"access_token\"", "\"refresh_token\"",
                                                             "\"client_secret\"", "\"id_token\""};

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
  std::string out;
  std::size_t copied = 0;
  for (auto at = json.find(quoted_name); at != std::string::npos; at = json.find(quoted_name, at + 1)) {
    auto value = json.find_first_not_of(blank, at + quoted_name.size());
    if (value == std::string::npos || json[value] != ':') continue;
    value = json.find_first_not_of(blank, value + 1);
    if (value == std::string::npos || json[value] != '"') continue;
    out.append(json, copied, value + 1 - copied).append(masked);
    at = copied = std::min(string_end(json, value), json.size());
  }
  if (copied > 0) json = out.append(json, copied);
}

bool names_credential(std::string_view header) {
  const auto name = base::to_lower(header);
  return std::any_of(credential_words.begin(), credential_words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

}  // namespace

masking::masking(const destinations::options& given) {
  hide(given.secret.reveal());
  for (const auto& [name, value] : given.own)
    if (const auto* secret = std::get_if<base::secret>(&value)) hide(secret->reveal());
}

bool masking::hides(std::string_view value) const {
  const auto same = [value](const base::secret& known) { return known.reveal() == value; };
  return std::any_of(hidden_.begin(), hidden_.end(), same);
}

void masking::hide(std::string_view value) {
  if (value.empty() || hides(value)) return;
  const auto place = std::find_if(hidden_.begin(), hidden_.end(), [value](const base::secret& known) {
    return known.reveal().size() < value.size();
  });
  hidden_.emplace(place, value);
}

void masking::learn(const http::request& sent) {
  for (const auto& [name, value] : sent.headers) {
    // Behind the scheme (`Bearer`, `Basic`), if there is one.
    const auto space = value.rfind(' ');
    const auto bare = std::string_view(value).substr(space == std::string::npos ? 0 : space + 1);
    if (!hides(bare) && names_credential(name)) hide(bare);
  }
}

std::string masking::text(std::string_view words) const {
  std::string out(words);
  if (out.empty()) return out;
  for (const auto& secret : hidden_)
    replace_written(out, secret.reveal(), masked);
  for (const auto name : credential_members)
    mask_member(out, name);
  return out;
}

std::string masking::json(std::string_view given) const {
  std::string out;
  std::size_t copied = 0;
  for (auto begin = given.find('"'); begin != std::string_view::npos; begin = given.find('"', copied)) {
    const auto end = std::min(string_end(given, begin), given.size());
    const bool is_name = given.substr(std::min(end + 1, given.size()), 1) == ":";
    const auto inside = given.substr(begin + 1, end - begin - 1);
    out.append(given, copied, begin + 1 - copied).append(is_name ? std::string(inside) : text(inside));
    copied = end;
    if (copied < given.size()) {
      out += '"';
      ++copied;
    }
  }
  return out.append(given.substr(copied));
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
  writer.end_object().member("body", base::utf8_prefix(shown.body, longest_body));
  if (shown.body.size() > longest_body) writer.member("body_bytes", shown.body.size());
  writer.end_object();
  return out;
}

std::string summary(const http::request& what) {
  const auto url = http::without_query(what.target);
  std::string out;
  out.reserve(what.method.size() + 1 + url.size());
  return out.append(what.method).append(1, ' ').append(url);
}

}  // namespace cartrelay::dispatch
