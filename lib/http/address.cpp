#include "http/address.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace cartrelay::http {
namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::size_t longest_unix_path = 107;  // sun_path, unix(7)

base::error malformed(std::string words) {
  return {boost::system::errc::make_error_code(boost::system::errc::invalid_argument), std::move(words)};
}

/// Asio stops reading at a NUL and takes anything at all for the zone of an IPv6 address.
bool is_plain(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool has_zone(std::string_view host) {
  return host.find('%') != std::string_view::npos;
}

base::result<listen_address> parse_unix(std::string_view path) {
  if (path.empty() || path.front() != '/') return malformed("expected an absolute path after unix:");
  if (path.find('\0') != std::string_view::npos) return malformed("the path holds a NUL, which ends it");
  if (path.back() == '/') return malformed("the path is a folder's: expected that of the socket in it");
  if (path.size() > longest_unix_path) return malformed("the path is too long for a Unix socket (107 bytes)");
  listen_address out;
  out.path = path;
  out.loopback = true;
  return out;
}

std::filesystem::path normal(const std::string& path) {
  return std::filesystem::path(path).lexically_normal();
}

}  // namespace

base::result<listen_address> parse_listen_address(std::string_view text) {
  if (text.starts_with(unix_prefix)) return parse_unix(text.substr(unix_prefix.size()));
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return malformed("expected ADDRESS:PORT, [ADDRESS]:PORT or unix:/path");
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  listen_address out;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (failure != std::errc{} || end != digits.data() + digits.size())
    return malformed("expected a port from 0 to 65535");
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  boost::system::error_code unparsable;
  const auto address = boost::asio::ip::make_address(std::string(host), unparsable);
  if (unparsable || !is_plain(host)) return malformed("expected an IP address before the port, not a name");
  // `::1:8470` is an address without a port as well.
  if (address.is_v6() != in_brackets)
    return malformed("expected an IPv6 address in brackets, and no other: [::1]:8470, 127.0.0.1:8470");
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return malformed("expected the IPv4 address as such, not within an IPv6 one");
  if (has_zone(host) && !address.to_v6().is_link_local())
    return malformed("expected no zone behind an address that is not link-local (fe80::…)");
  out.host = host;
  out.loopback = address.is_loopback();
  return out;
}

std::string bracketed(std::string_view host) {
  const bool is_v6 = host.find(':') != std::string_view::npos;
  return is_v6 ? '[' + std::string(host) + ']' : std::string(host);
}

bool is_address(std::string_view host) {
  boost::system::error_code failure;
  boost::asio::ip::make_address(std::string(host), failure);
  return !failure && !has_zone(host);
}

bool exclude_each_other(const listen_address& a, const listen_address& b) {
  if (a.is_unix() || b.is_unix()) return normal(a.path) == normal(b.path);
  if (a.port != b.port || a.port == 0) return false;
  const auto one = boost::asio::ip::make_address(a.host);
  const auto other = boost::asio::ip::make_address(b.host);
  // A socket for IPv6 takes no IPv4 beside it.
  return one.is_v4() == other.is_v4() && (one == other || one.is_unspecified() || other.is_unspecified());
}

}  // namespace cartrelay::http
