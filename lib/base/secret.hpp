#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace cartrelay::base {

/// A credential. Has no stream operator and no formatter, so it cannot slip into a log; its memory is wiped
/// when it goes.
class secret {
 public:
  secret() = default;
  explicit secret(std::string_view value) : value_(value) {}
  secret(const secret&) = default;
  secret& operator=(const secret& other);
  secret(secret&& other) noexcept;
  secret& operator=(secret&& other) noexcept;
  ~secret();

  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
  /// The credential itself: for the one place that puts it on the wire or digests it.
  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }
  friend bool operator==(const secret& a, const secret& b) noexcept;

 private:
  void wipe() noexcept;
  std::string value_;
};

/// Where a secret stands: never in the configuration itself.
struct secret_source {
  enum class kind { none, file, environment, credential };
  kind from = kind::none;
  std::string name;  ///< a path, a variable's name, or a systemd credential's name (looked up in
                     ///< $CREDENTIALS_DIRECTORY)

  friend bool operator==(const secret_source&, const secret_source&) = default;
};

/// Reads it; one trailing line break is dropped. Fails with words that name the source, never the content. An
/// empty secret is a failure, and so is a file of more than 64 KiB.
[[nodiscard]] result<secret> read_secret(const secret_source& source);

}  // namespace cartrelay::base
