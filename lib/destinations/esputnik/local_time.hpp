#pragma once

#include "base/time.hpp"

#include <optional>
#include <string>

namespace date {
class time_zone;
}  // namespace date

namespace cartrelay::destinations::esputnik {

/// Wall-clock time of one place, by the system's time zone data. The vendor's dates carry no offset. A value;
/// any thread.
class local_time {
 public:
  /// `UTC` needs no data. Nothing: the system does not know the zone (IANA name).
  [[nodiscard]] static std::optional<local_time> of(const std::string& zone);

  /// `2026-03-15T16:22:00`; fractions of a second are cut off. Empty where the year has no four digits there.
  [[nodiscard]] std::string format(base::timestamp at) const;

 private:
  explicit local_time(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;  // null: UTC; otherwise lives as long as the process
};

}  // namespace cartrelay::destinations::esputnik
