#include "http/tls_sessions.hpp"

#include "http/address.hpp"

#include <openssl/x509v3.h>

namespace cartrelay::http {
namespace {

/// Where a connection keeps the address of its origin's slot.
int slot_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

tls_sessions::tls_sessions(boost::asio::ssl::context& settings) {
  auto* context = settings.native_handle();
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, &tls_sessions::keep);
}

int tls_sessions::keep(SSL* connection, SSL_SESSION* session) {
  auto* kept = static_cast<slot*>(SSL_get_ex_data(connection, slot_index()));
  if (kept == nullptr) return 0;
  kept->reset(session);
  return 1;  // the reference is ours now
}

bool tls_sessions::prepare(SSL* connection, const endpoint& peer) {
  auto* wanted = SSL_get0_param(connection);
  X509_VERIFY_PARAM_set_hostflags(wanted,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (is_address(peer.host)) {
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, peer.host.c_str()) != 1) return false;
  } else {
    if (X509_VERIFY_PARAM_set1_host(wanted, peer.host.c_str(), 0) != 1) return false;
    // SSL_set_tlsext_host_name() without its macro's cast.
    auto* const name = const_cast<char*>(peer.host.c_str());
    if (SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name) != 1)
      return false;
  }
  auto& kept = sessions_[peer.origin()];
  if (SSL_set_ex_data(connection, slot_index(), &kept) != 1) return false;
  if (kept) SSL_set_session(connection, kept.get());
  return true;
}

void tls_sessions::forget(const endpoint& peer) {
  const auto found = sessions_.find(peer.origin());
  if (found != sessions_.end()) found->second.reset();
}

std::string describe_tls_failure(SSL* connection, const boost::system::error_code& failure) {
  const auto verdict = SSL_get_verify_result(connection);
  if (verdict != X509_V_OK)
    return std::string("the certificate is refused: ") + X509_verify_cert_error_string(verdict);
  return failure.message();
}

}  // namespace cartrelay::http
