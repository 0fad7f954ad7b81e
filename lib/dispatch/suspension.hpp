#pragma once

#include "base/time.hpp"
#include "dispatch/instant.hpp"
#include "dispatch/probe_wait.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cartrelay::dispatch {

/// The vendor refuses the credential: everything waits, and one probe after 1, 2, 5 and then every 10 minutes
/// asks whether it is taken again.
class suspension {
 public:
  /// What survives a restart.
  struct record {
    base::timestamp since, next_probe;
    std::uint32_t probes = 0;  ///< that failed
    std::string reason;        ///< `http_401`
    std::string account;       ///< which one was refused (account_mark), to see another at a restart
  };

  [[nodiscard]] bool active() const noexcept { return record_.has_value(); }
  [[nodiscard]] const std::optional<record>& stored() const noexcept { return record_; }
  [[nodiscard]] base::steady_time probe_at() const noexcept { return wait_.end(); }

  void begin(std::string reason, std::string account, instant now);
  /// A probe ended without showing that the credential is good.
  void probe_failed(std::string reason, instant now);
  /// Somebody asks for a probe without waiting for the next one's time. If it fails before that has come, the
  /// wait goes on as it was.
  void hasten(instant now);
  void end() noexcept { record_.reset(); }
  void restore(record known, instant now);

  /// Before the probe that follows `failed` failed ones.
  [[nodiscard]] static std::chrono::minutes interval(std::uint32_t failed) noexcept;

 private:
  void schedule(instant now);

  std::optional<record> record_;
  probe_wait wait_;
};

}  // namespace cartrelay::dispatch
