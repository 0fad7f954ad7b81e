#include "base/secret.hpp"

#include "base/file.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <cstdlib>

namespace cartrelay::base {
namespace {

/// No key or token is larger: what is, is another file, named by mistake.
constexpr std::size_t largest_secret = 64 << 10;

error failure(std::errc code, std::string detail) {
  return {boost::system::errc::make_error_code(static_cast<boost::system::errc::errc_t>(code)),
          std::move(detail)};
}

result<secret> from_text(std::string text, std::string_view where) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return failure(std::errc::invalid_argument, fmt::format("{} is empty", where));
  secret value{text};
  OPENSSL_cleanse(text.data(), text.size());
  return value;
}

result<secret> from_file(const std::string& path) {
  auto text = read_file(path, largest_secret);
  if (!text) return error{text.error().code, fmt::format("cannot read {}: {}", path, text.error().message())};
  return from_text(std::move(*text), path);
}

}  // namespace

secret& secret::operator=(const secret& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

// Copied and wiped, not moved: a short string that was moved from still holds its characters.
// NOLINTNEXTLINE(performance-move-constructor-init)
secret::secret(secret&& other) noexcept : value_(other.value_) {
  other.wipe();
}

secret& secret::operator=(secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = other.value_;
    other.wipe();
  }
  return *this;
}

secret::~secret() {
  wipe();
}

void secret::wipe() noexcept {
  OPENSSL_cleanse(value_.data(), value_.size());
  value_.clear();
}

bool operator==(const secret& a, const secret& b) noexcept {
  return a.value_.size() == b.value_.size() &&
         CRYPTO_memcmp(a.value_.data(), b.value_.data(), a.value_.size()) == 0;
}

result<secret> read_secret(const secret_source& source) {
  switch (source.from) {
    case secret_source::kind::file:
      return from_file(source.name);
    case secret_source::kind::environment: {
      const char* value =
          std::getenv(source.name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing sets the environment
      if (value == nullptr)
        return failure(std::errc::invalid_argument,
                       fmt::format("environment variable {} is not set", source.name));
      return from_text(value, fmt::format("environment variable {}", source.name));
    }
    case secret_source::kind::credential: {
      const char* folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
      if (folder == nullptr)
        return failure(
            std::errc::invalid_argument,
            fmt::format(
                "credential {}: $CREDENTIALS_DIRECTORY is not set; systemd does that for the service, "
                "by hand it is set to the folder that the unit loads them from",
                source.name));
      return from_file(fmt::format("{}/{}", folder, source.name));
    }
    case secret_source::kind::none:
      break;
  }
  return failure(std::errc::invalid_argument, "no secret is configured");
}

}  // namespace cartrelay::base
