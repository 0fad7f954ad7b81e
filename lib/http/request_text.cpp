#include "http/request_text.hpp"

#include "base/text.hpp"
#include "http/address.hpp"

#include <algorithm>
#include <array>

namespace cartrelay::http {
namespace {

base::error cannot_send(std::string detail) {
  return {boost::system::errc::make_error_code(boost::system::errc::invalid_argument), std::move(detail)};
}

bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 9> ours{"host",       "content-length", "transfer-encoding",
                                                        "connection", "expect",         "upgrade",
                                                        "te",         "trailer",        "accept-encoding"};
  return std::any_of(ours.begin(), ours.end(),
                     [name](std::string_view one) { return base::equals_ignoring_case(one, name); });
}

bool is_method(std::string_view method) {
  return !method.empty() &&
         std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

}  // namespace

std::string host_field(const endpoint& where) {
  auto field = bracketed(where.host);
  if (where.port != (where.tls ? "443" : "80")) field += ":" + where.port;
  return field;
}

base::result<std::string> write_request(const request& what, std::string_view host, std::string_view path) {
  if (!is_method(what.method)) return cannot_send("the method is malformed");
  for (const auto& [name, value] : what.headers) {
    if (!is_valid_field_name(name)) return cannot_send("a header field has a malformed name");
    if (!is_valid_field_value(value))
      return cannot_send("the value of the header field " + name + " is malformed");
    if (is_ours(name)) return cannot_send("the header field " + name + " is not a caller's to set");
  }
  std::string bytes;
  bytes.reserve(512 + what.body.size());
  bytes += what.method;
  bytes += ' ';
  if (!path.starts_with('/')) bytes += '/';
  bytes += path;
  bytes += " HTTP/1.1\r\n";
  append_field(bytes, "Host", host);
  if (!what.headers.find("User-Agent")) append_field(bytes, "User-Agent", "cartrelay");
  // Without it a server may choose any coding (RFC 9110, 12.5.3), and nothing is decoded here.
  append_field(bytes, "Accept-Encoding", "identity");
  for (const auto& [name, value] : what.headers)
    append_field(bytes, name, value);
  if (!what.body.empty() || (what.method != "GET" && what.method != "HEAD"))
    append_field(bytes, "Content-Length", std::to_string(what.body.size()));
  bytes += "\r\n";
  bytes += what.body;
  return bytes;
}

}  // namespace cartrelay::http
