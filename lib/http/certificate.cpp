#include "http/certificate.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <memory>
#include <stdexcept>

namespace cartrelay::http {
namespace {

template <auto Free>
struct freer {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using bio_ptr = std::unique_ptr<BIO, freer<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freer<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freer<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freer<X509_EXTENSION_free>>;
using number_ptr = std::unique_ptr<BIGNUM, freer<BN_free>>;

template <class T>
T checked(T outcome, const char* what) {
  if (!outcome) throw std::runtime_error(fmt::format("OpenSSL cannot {}", what));
  return outcome;
}

key_ptr new_key() {
  return key_ptr(checked(EVP_EC_gen("P-256"), "make a key"));
}

std::string text_of(BIO& memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(&memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

key_pair_pem to_pem(X509& certificate, EVP_PKEY& key) {
  const bio_ptr first(checked(BIO_new(BIO_s_mem()), "allocate"));
  const bio_ptr second(checked(BIO_new(BIO_s_mem()), "allocate"));
  checked(PEM_write_bio_X509(first.get(), &certificate), "write a certificate");
  checked(PEM_write_bio_PrivateKey(second.get(), &key, nullptr, nullptr, 0, nullptr, nullptr), "write a key");
  return {text_of(*first), text_of(*second)};
}

bio_ptr reading(const std::string& text) {
  return bio_ptr(checked(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "allocate"));
}

void extend(X509& certificate, X509& issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  const extension_ptr extension(
      checked(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), "make an extension"));
  checked(X509_add_ext(&certificate, extension.get(), -1), "add an extension");
}

void set_serial(X509& certificate) {
  const number_ptr serial(checked(BN_new(), "allocate"));
  checked(BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY), "draw a serial number");
  checked(BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(&certificate)), "set the serial number");
}

void set_name(X509_NAME* name, std::string_view text) {
  checked(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()), -1, 0),
          "set a name");
}

std::time_t seconds_of(base::timestamp at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

certificate_ptr blank(std::string_view name, EVP_PKEY& key, base::timestamp from, base::timestamp to) {
  certificate_ptr certificate(checked(X509_new(), "allocate"));
  checked(X509_set_version(certificate.get(), X509_VERSION_3), "set the version");
  set_serial(*certificate);
  checked(ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds_of(from)), "set a date");
  checked(ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds_of(to)), "set a date");
  set_name(X509_get_subject_name(certificate.get()), name.substr(0, 64));
  checked(X509_set_pubkey(certificate.get(), &key), "set a key");
  return certificate;
}

}  // namespace

key_pair_pem make_authority(std::string_view name) {
  const auto key = new_key();
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto certificate = blank(name, *key, now - std::chrono::days(1), now + std::chrono::days(3650));
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  extend(*certificate, *certificate, NID_basic_constraints, "critical,CA:TRUE");
  extend(*certificate, *certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(*certificate, *certificate, NID_subject_key_identifier, "hash");
  checked(X509_sign(certificate.get(), key.get(), EVP_sha256()), "sign a certificate");
  return to_pem(*certificate, *key);
}

key_pair_pem make_server_certificate(const key_pair_pem& authority, const certificate_subject& subject) {
  const certificate_ptr issuer(
      checked(PEM_read_bio_X509(reading(authority.certificate).get(), nullptr, nullptr, nullptr),
              "read the authority"));
  const key_ptr issuer_key(
      checked(PEM_read_bio_PrivateKey(reading(authority.key).get(), nullptr, nullptr, nullptr),
              "read the authority's key"));
  std::string names;
  for (const auto& name : subject.dns_names)
    names += (names.empty() ? "DNS:" : ",DNS:") + name;
  for (const auto& address : subject.ip_addresses)
    names += (names.empty() ? "IP:" : ",IP:") + address;

  const auto key = new_key();
  const std::string own_name = !subject.dns_names.empty()      ? subject.dns_names.front()
                               : !subject.ip_addresses.empty() ? subject.ip_addresses.front()
                                                               : "nameless";
  const auto certificate = blank(own_name, *key, subject.not_before, subject.not_after);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  extend(*certificate, *issuer, NID_basic_constraints, "critical,CA:FALSE");
  extend(*certificate, *issuer, NID_key_usage, "critical,digitalSignature");
  extend(*certificate, *issuer, NID_ext_key_usage, "serverAuth");
  if (!names.empty()) extend(*certificate, *issuer, NID_subject_alt_name, names);
  extend(*certificate, *issuer, NID_authority_key_identifier, "keyid");
  checked(X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()), "sign a certificate");
  return to_pem(*certificate, *key);
}

}  // namespace cartrelay::http
