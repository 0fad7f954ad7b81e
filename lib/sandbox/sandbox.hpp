#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "sandbox/options.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace cartrelay::sandbox {

/// The vendors' APIs on one loopback HTTPS port, each below a path of its own (`/releva`, `/reloadify`,
/// `/elevate`, `/esputnik`, `/rokt`; `/i/{name}/releva` is a further account), and below `/_sandbox` what
/// arrived, what came of it, and faults on request. Its authority is made anew at each start; clients trust
/// it by the file `ca_out`. docs/sandbox.md describes both interfaces.
///
/// Thread rules: everything on the one I/O thread of `where`. stop() must have ended before destruction.
class sandbox {
 public:
  /// Opens the log, binds the port, then writes `ca_out`. Fails with what could not be done.
  [[nodiscard]] static base::result<std::unique_ptr<sandbox>> listen(base::executor where,
                                                                     const options& settings);
  sandbox(const sandbox&) = delete;
  sandbox& operator=(const sandbox&) = delete;
  ~sandbox();

  void start();
  /// Wakes what is delayed, closes all connections, and ends when the last has ended.
  [[nodiscard]] base::task<> stop();

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// `https://127.0.0.1:{port}`
  [[nodiscard]] const std::string& url() const noexcept;
  /// The certificate to trust, PEM.
  [[nodiscard]] const std::string& authority() const noexcept;

 private:
  struct parts;
  explicit sandbox(std::unique_ptr<parts> made);

  std::unique_ptr<parts> parts_;
};

}  // namespace cartrelay::sandbox
