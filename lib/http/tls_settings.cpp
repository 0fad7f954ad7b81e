#include "http/tls_settings.hpp"

#include "base/time.hpp"
#include "http/authorities.hpp"
#include "http/errc.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <chrono>
#include <ctime>
#include <memory>

namespace cartrelay::http {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

bool require_modern(ssl::context& context) {
  return SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION) == 1;
}

base::error certificate_fault(const std::string& name, const error_code& failure) {
  return fail(errc::bad_certificate,
              fmt::format("cannot use the certificate {}: {}", name, failure.message()));
}

base::error key_fault(const std::string& name, const error_code& failure, bool encrypted) {
  const auto why = encrypted ? "it is encrypted: give one without a passphrase" : failure.message();
  return fail(errc::bad_key, fmt::format("cannot use the key {}: {}", name, why));
}

/// Without it OpenSSL would ask for a passphrase on the terminal, and wait. True once it wanted one.
std::shared_ptr<const bool> refuse_passphrases(ssl::context& context) {
  auto wanted = std::make_shared<bool>(false);
  context.set_password_callback([wanted](std::size_t /*longest*/, ssl::context::password_purpose /*why*/) {
    *wanted = true;
    return std::string();
  });
  return wanted;
}

std::string written(const ASN1_TIME& at) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&at, &parts) != 1) return "a date that cannot be read";
  return base::format_seconds(base::timestamp(std::chrono::seconds(::timegm(&parts)))) + "Z";
}

base::result<void> load_from_files(ssl::context& context, const server_options& settings) {
  error_code failure;
  context.use_certificate_chain_file(settings.tls_certificate, failure);
  if (failure) return certificate_fault(settings.tls_certificate, failure);
  const auto encrypted = refuse_passphrases(context);
  context.use_private_key_file(settings.tls_key, ssl::context::pem, failure);
  if (failure) return key_fault(settings.tls_key, failure, *encrypted);
  return {};
}

base::result<void> load_from_memory(ssl::context& context, const server_options& settings) {
  error_code failure;
  context.use_certificate_chain(boost::asio::buffer(settings.tls_certificate_pem), failure);
  if (failure) return certificate_fault("in memory", failure);
  const auto encrypted = refuse_passphrases(context);
  context.use_private_key(boost::asio::buffer(settings.tls_key_pem), ssl::context::pem, failure);
  if (failure) return key_fault("in memory", failure, *encrypted);
  return {};
}

}  // namespace

base::result<std::unique_ptr<ssl::context>> make_server_tls(const server_options& settings) {
  const bool from_files = !settings.tls_certificate.empty() || !settings.tls_key.empty();
  const bool from_memory = !settings.tls_certificate_pem.empty() || !settings.tls_key_pem.empty();
  if (!from_files && !from_memory) return std::unique_ptr<ssl::context>();
  if (from_files && (settings.tls_certificate.empty() || settings.tls_key.empty()))
    return fail(errc::bad_certificate, "a certificate needs its key, and a key its certificate");
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  if (!require_modern(*context)) return fail(errc::bad_certificate, "OpenSSL refuses TLS 1.2 as the oldest");
  // Tickets alone: no cache of sessions grows here.
  SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  const auto loaded = from_files ? load_from_files(*context, settings) : load_from_memory(*context, settings);
  if (!loaded) return loaded.error();
  if (SSL_CTX_check_private_key(context->native_handle()) != 1)
    return fail(errc::bad_key, "the key does not belong to the certificate");
  return context;
}

std::optional<std::string> out_of_its_time(ssl::context& server) {
  const auto* certificate = SSL_CTX_get0_certificate(server.native_handle());
  const auto *from = X509_get0_notBefore(certificate), *to = X509_get0_notAfter(certificate);
  if (X509_cmp_current_time(to) < 0)
    return fmt::format("it expired on {}: no client accepts it", written(*to));
  if (X509_cmp_current_time(from) > 0)
    return fmt::format("it is not valid before {}: no client accepts it until then", written(*from));
  return std::nullopt;
}

base::result<std::unique_ptr<ssl::context>> make_client_tls(const client_options& settings) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  if (!require_modern(*context)) return fail(errc::bad_certificate, "OpenSSL refuses TLS 1.2 as the oldest");
  const auto trusted = trusted_authorities(settings.ca_file);
  if (!trusted) return trusted.error();
  SSL_CTX_set1_cert_store(context->native_handle(), trusted->get());
  context->set_verify_mode(ssl::verify_peer);
  return context;
}

}  // namespace cartrelay::http
