#include "http/url.hpp"

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "http/address.hpp"
#include "http/errc.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace cartrelay::http {
namespace {

bool is_loopback(const std::string& host) {
  if (base::equals_ignoring_case(host, "localhost")) return true;
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(host, failure);
  return !failure && address.is_loopback();
}

/// The characters of paths and queries (RFC 3986, 3.3 and 3.4), but for escapes.
constexpr auto stands_in_url = [] {
  std::array<bool, 256> out{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                       "-._~!$&'()*+,;=:@/?"))
    out[static_cast<unsigned char>(c)] = true;
  return out;
}();

/// As written, or the scheme's own.
std::optional<unsigned> port_of(const boost::urls::url_view& url) {
  const std::string digits(url.port());
  if (digits.empty()) return url.scheme_id() == boost::urls::scheme::https ? 443 : 80;
  unsigned port = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, port);
  if (read.ec != std::errc{} || read.ptr != end || port == 0 || port > 65535) return std::nullopt;
  return port;
}

/// A name or an address. Boost has decoded it: `https://a%0d%0a/` would break the line that it is written
/// into.
bool is_host(const std::string& text) {
  const auto fits = [](char c) {
    return base::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == ':';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

std::string endpoint::origin() const {
  return fmt::format("{}://{}:{}", tls ? "https" : "http", bracketed(host), port);
}

base::result<endpoint> parse_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return fail(errc::bad_url, "not a URL; expected https://host/path");
  const auto& url = *parsed;
  if (url.scheme_id() != boost::urls::scheme::https && url.scheme_id() != boost::urls::scheme::http)
    return fail(errc::bad_url, "the URL must start with https://");
  if (url.has_userinfo()) return fail(errc::bad_url, "a URL must not hold a user name or password");
  if (url.has_fragment()) return fail(errc::bad_url, "a URL must not hold a fragment");

  endpoint where;
  where.tls = url.scheme_id() == boost::urls::scheme::https;
  where.host = url.host_address();
  const auto port = port_of(url);
  if (!port) return fail(errc::bad_url, "the URL's port must be from 1 to 65535");
  where.port = std::to_string(*port);
  where.path = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
  // Boost takes `https://host:6-1` for port 6 and a path that begins without a slash.
  if (where.path.front() != '/') return fail(errc::bad_url, "not a URL; expected https://host/path");
  if (url.has_query()) where.path += "?" + std::string(url.encoded_query());
  if (!is_host(where.host)) return fail(errc::bad_url, "the URL names no host");
  if (!where.tls && !is_loopback(where.host))
    return fail(errc::bad_url, "plain http is for loopback addresses only; use https");
  return where;
}

bool is_origin_form(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (stands_in_url[static_cast<unsigned char>(text[at])]) continue;
    const auto escape = text.substr(at, 3);
    if (escape.size() < 3 || escape[0] != '%' || base::hex_value(escape[1]) < 0 ||
        base::hex_value(escape[2]) < 0)
      return false;
    at += 2;
  }
  return text.starts_with('/');
}

base::result<endpoint> parse_proxy(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  const bool usable = parsed && parsed->scheme_id() == boost::urls::scheme::http && !parsed->has_userinfo() &&
                      parsed->has_port() && port_of(*parsed) && is_host(parsed->host_address()) &&
                      parsed->encoded_path().size() <= 1 && !parsed->has_query() && !parsed->has_fragment();
  if (!usable) return fail(errc::bad_url, "the proxy must be written as http://host:port");
  endpoint where;
  where.tls = false;
  where.host = parsed->host_address();
  where.port = std::to_string(*port_of(*parsed));
  return where;
}

}  // namespace cartrelay::http
