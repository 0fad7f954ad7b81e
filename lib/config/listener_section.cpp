#include "config/sections.hpp"
#include "http/address.hpp"
#include "http/errc.hpp"
#include "http/tls_settings.hpp"

#include <fmt/format.h>

namespace cartrelay::config {
namespace {

using namespace std::chrono_literals;

/// What is inflated and cut into chunks counts in 32 bits, and a body stands in memory whole.
constexpr std::uint64_t largest_body = 1 << 30;

/// What is served beyond this machine has to be asked for by a token and read by nobody on the way.
void check_exposure(table_reader& section, const http::server_options& server, bool has_tokens,
                    bool allow_plaintext) {
  for (const auto& text : server.listen) {
    const auto address = http::parse_listen_address(text);
    if (!address || address->is_unix() || address->loopback) continue;
    if (!has_tokens)
      section.fail("listen",
                   fmt::format("\"{}\" can be reached from other machines: tokens are needed", text));
    if (server.tls_certificate.empty() && !allow_plaintext)
      section.fail(
          "listen",
          fmt::format("\"{}\" can be reached from other machines: tls_certificate and tls_key are needed, or "
                      "allow_plaintext = true",
                      text));
  }
}

bool exclude_each_other(const std::string& one, const std::string& other) {
  const auto first = http::parse_listen_address(one), second = http::parse_listen_address(other);
  return first && second && http::exclude_each_other(*first, *second);
}

void check_repeats(table_reader& section, const std::vector<std::string>& addresses) {
  for (std::size_t i = 1; i < addresses.size(); ++i)
    for (std::size_t before = 0; before < i; ++before)
      if (exclude_each_other(addresses[before], addresses[i]))
        section.fail("listen", fmt::format("\"{}\" and \"{}\" cannot both be listened on", addresses[before],
                                           addresses[i]));
}

/// Files that can be read need not hold what they should.
void check_tls(table_reader& section, const http::server_options& server) {
  if (server.tls_certificate.empty() != server.tls_key.empty())
    return section.fail(server.tls_key.empty() ? "tls_certificate" : "tls_key",
                        "tls_certificate and tls_key go together");
  const auto made = http::make_server_tls(server);
  if (!made)
    section.fail(made.error().code == http::errc::bad_key ? "tls_key" : "tls_certificate",
                 made.error().message());
  else if (const auto why = *made ? http::out_of_its_time(**made) : std::nullopt)
    section.warn("tls_certificate", *why);
}

}  // namespace

void read_addresses(table_reader& section, std::vector<std::string>& target) {
  section.read("listen", target);
  if (target.empty()) section.fail("listen", "expected at least one address");
  for (const auto& text : target)
    if (const auto address = http::parse_listen_address(text); !address)
      section.fail("listen", fmt::format("\"{}\": {}", text, address.error().message()));
}

void read_listener(table_reader& section, http::server_options& server, std::vector<base::secret>& tokens,
                   bool& allow_plaintext) {
  read_addresses(section, server.listen);
  section.read_tokens("tokens", tokens);
  const auto before = section.fault_count();
  section.read_file("tls_certificate", server.tls_certificate, server.tls_digest);
  section.read_file("tls_key", server.tls_key, server.tls_digest);
  if (section.fault_count() == before) check_tls(section, server);
  section.read("allow_plaintext", allow_plaintext);
  std::uint64_t max_body = server.max_body;
  section.read_size("max_body", max_body, 1024, largest_body);
  server.max_body = max_body;
  section.read_duration("request_timeout", server.request_timeout, 100ms);
  section.read_count("max_connections", server.max_connections, 1, 100'000);
  check_repeats(section, server.listen);
  check_exposure(section, server, !tokens.empty(), allow_plaintext);
}

void read_ingest(table_reader section, ingest::options& target) {
  read_listener(section, target.server, target.tokens, target.allow_plaintext);
  section.read_count("max_events_per_request", target.max_events_per_request, 1, 100'000);
  std::size_t unknown = target.events.unknown == event::options::unknown_members::keep ? 1 : 0;
  section.read_choice("unknown_members", {"refuse", "keep"}, unknown);
  target.events.unknown =
      unknown == 1 ? event::options::unknown_members::keep : event::options::unknown_members::refuse;
  section.finish();
}

void read_admin(table_reader section, admin::options& target) {
  read_listener(section, target.server, target.tokens, target.allow_plaintext);
  section.finish();
}

void check_apart(table_reader& section, const std::vector<std::string>& mine, std::string_view name,
                 const std::vector<std::string>& others) {
  for (const auto& text : mine)
    for (const auto& other : others)
      if (exclude_each_other(text, other))
        section.fail("listen", fmt::format("\"{}\": {} listens on \"{}\"", text, name, other));
}

}  // namespace cartrelay::config
