#include "http/authorities.hpp"

#include "http/errc.hpp"

#include <boost/asio/ssl/error.hpp>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <new>

namespace cartrelay::http {
namespace {

/// Which file it is, and in which state: the time of its change is nobody's to set back.
std::string signature(const std::string& path) {
  struct stat seen {};
  if (path.empty() || stat(path.c_str(), &seen) != 0) return path + "|";
  return fmt::format("{}|{}.{}.{}.{}.{}|", path, seen.st_dev, seen.st_ino, seen.st_size, seen.st_ctim.tv_sec,
                     seen.st_ctim.tv_nsec);
}

std::string chosen(const char* variable, const char* usual) {
  const char* const set = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets variables here
  return set != nullptr ? set : usual;
}

base::error cannot_use(const std::string& ca_file) {
  const boost::system::error_code why(static_cast<int>(ERR_get_error()),
                                      boost::asio::error::get_ssl_category());
  return fail(errc::bad_certificate,
              fmt::format("cannot use the trust anchor {}: {}", ca_file, why.message()));
}

base::result<authorities> read(const std::string& ca_file) {
  authorities out(X509_STORE_new(), X509_STORE_free);
  if (!out) throw std::bad_alloc();
  X509_STORE_set_default_paths(out.get());
  ERR_clear_error();
  if (!ca_file.empty() && X509_STORE_load_file(out.get(), ca_file.c_str()) != 1) return cannot_use(ca_file);
  return out;
}

struct known {
  std::string signature;  // of all files
  authorities all;
};
/// The newest are kept, each a megabyte. Destinations of one shop have a file in common, if any: with more
/// than so many they are read for each again.
constexpr std::size_t kept = 4;

}  // namespace

base::result<authorities> trusted_authorities(const std::string& ca_file) {
  OPENSSL_init_ssl(0, nullptr);  // so that OpenSSL goes after what is kept here
  static std::mutex mutex;
  static std::deque<known> lately;
  const auto files = signature(ca_file) +
                     signature(chosen(X509_get_default_cert_file_env(), X509_get_default_cert_file())) +
                     signature(chosen(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()));
  const std::lock_guard lock(mutex);
  const auto same =
      std::find_if(lately.begin(), lately.end(), [&](const known& one) { return one.signature == files; });
  if (same != lately.end()) return same->all;
  auto fresh = read(ca_file);
  if (!fresh) return fresh.error();
  lately.push_front({files, *fresh});
  if (lately.size() > kept) lately.pop_back();
  return *fresh;
}

}  // namespace cartrelay::http
