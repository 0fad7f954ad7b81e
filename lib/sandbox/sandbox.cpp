#include "sandbox/sandbox.hpp"

#include "base/clock.hpp"
#include "http/certificate.hpp"
#include "http/server.hpp"
#include "sandbox/errc.hpp"
#include "sandbox/front.hpp"

#include <filesystem>
#include <fstream>

namespace cartrelay::sandbox {
namespace {

constexpr std::chrono::milliseconds stop_grace{500};

http::server_options server_settings(const options& settings, const http::key_pair_pem& authority) {
  const auto now = base::system_clock().now();
  http::certificate_subject subject;
  subject.dns_names = {"localhost"};
  subject.ip_addresses = {"127.0.0.1", "::1"};
  subject.not_before = now - std::chrono::hours(24);
  subject.not_after = now + std::chrono::hours(24 * 365);
  const auto pair = http::make_server_certificate(authority, subject);
  http::server_options made;
  made.listen = {"127.0.0.1:" + std::to_string(settings.port)};
  made.max_body = settings.max_body;
  made.max_header = 64 << 10;
  made.max_connections = 4'096;
  made.tls_certificate_pem = pair.certificate;
  made.tls_key_pem = pair.key;
  return made;
}

/// Under a name of its own first: whoever waits for the file never reads half of it.
bool write_file(const std::string& path, const std::string& content) {
  const std::string draft = path + ".new";
  std::ofstream file(draft, std::ios::trunc);
  file << content << std::flush;
  file.close();
  std::error_code failed;
  if (file) std::filesystem::rename(draft, path, failed);
  return file && !failed;
}

}  // namespace

struct sandbox::parts {
  parts(const base::executor& where, const options& wanted)
      : settings(wanted),
        on{tenants(settings), fault_book(wanted.seed != 0 ? wanted.seed : base::random_seed()),
           journal(wanted.kept_requests, wanted.kept_bytes), wait_list(where), wait_list(where)},
        answers(on) {}

  options settings;
  stage on;
  front answers;
  std::string authority;
  std::string url;
  std::uint16_t port = 0;
  std::unique_ptr<http::server> server;
};

sandbox::sandbox(std::unique_ptr<parts> made) : parts_(std::move(made)) {}
sandbox::~sandbox() = default;

base::result<std::unique_ptr<sandbox>> sandbox::listen(base::executor where, const options& settings) {
  for (const auto& [name, secret] : settings.secrets) {
    if (!is_vendor(name)) return fail(errc::bad_option, "there is no vendor " + name);
  }
  auto made = std::make_unique<parts>(where, settings);
  if (!settings.log.empty() && !made->on.arrivals.open(settings.log)) {
    return fail(errc::cannot_write, "the log " + settings.log + " cannot be opened");
  }
  const auto authority = http::make_authority("Cartrelay sandbox");
  made->authority = authority.certificate;
  auto server = http::server::listen(where, server_settings(settings, authority), made->answers);
  if (!server) return server.error();
  made->server = std::move(*server);
  const std::string& address = made->server->addresses().front();
  made->url = "https://" + address;
  made->port = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  if (!settings.ca_out.empty() && !write_file(settings.ca_out, made->authority)) {
    return fail(errc::cannot_write, "the authority's certificate cannot be written to " + settings.ca_out);
  }
  return std::unique_ptr<sandbox>(new sandbox(std::move(made)));
}

void sandbox::start() {
  parts_->server->start();
}

base::task<> sandbox::stop() {
  parts_->on.delayed.close();
  parts_->on.arrived.close();
  co_await parts_->server->stop(stop_grace);
}

std::uint16_t sandbox::port() const noexcept {
  return parts_->port;
}
const std::string& sandbox::url() const noexcept {
  return parts_->url;
}
const std::string& sandbox::authority() const noexcept {
  return parts_->authority;
}

}  // namespace cartrelay::sandbox
