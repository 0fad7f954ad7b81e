#pragma once

#include "base/secret.hpp"
#include "event/type.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cartrelay::destinations {

enum class on_in_doubt { retry, dead_letter };

struct batch_options {
  std::size_t max_events = 100;
  std::size_t max_bytes = 512 << 10;
  std::chrono::milliseconds linger{1'000};  ///< counted from the oldest event of the batch

  friend bool operator==(const batch_options&, const batch_options&) = default;
};
struct retry_options {
  std::chrono::milliseconds initial{1'000};
  std::chrono::milliseconds max{600'000};
  std::chrono::milliseconds max_age =
      std::chrono::hours(72);  ///< from acceptance or replay; past it the event has expired

  friend bool operator==(const retry_options&, const retry_options&) = default;
};
struct rate_options {
  double per_second = 0;  ///< requests; 0: no limit
  double burst = 0;       ///< 0: one second's worth, at least 1

  friend bool operator==(const rate_options&, const rate_options&) = default;
};
/// Which events a destination gets. An empty list matches everything.
struct filter_options {
  std::vector<std::string> source, market, language;

  /// Whether an event can have it; nothing else is worth asking for.
  [[nodiscard]] static bool is_possible_source(std::string_view text);
  [[nodiscard]] static bool is_possible_market(std::string_view text);
  [[nodiscard]] static bool is_possible_language(std::string_view text);

  friend bool operator==(const filter_options&, const filter_options&) = default;
};

/// The value of a setting that only its kind knows.
using setting_value = std::variant<std::string, bool, std::vector<std::string>, base::secret>;
using settings = std::map<std::string, setting_value>;

/// One [[destinations]] entry, complete: every default filled in.
struct options {
  std::string name;  ///< [a-z0-9-]{1,40}
  std::string kind;
  bool enabled = true;
  std::vector<event::event_type> events;
  filter_options filter;
  std::string url;
  base::secret secret;    ///< the credential; empty where the kind needs none
  std::string ca_file;    ///< a further trust anchor (PEM); empty: none
  std::string proxy;      ///< `http://host:port` of one that tunnels; empty: none
  std::string ca_digest;  ///< of what ca_file held when it was read: a renewed one is a change
  std::chrono::milliseconds connect_timeout{5'000};   ///< looking up, connecting and TLS handshake, each
  std::chrono::milliseconds request_timeout{30'000};  ///< from the first byte sent to the last received
  std::size_t concurrency = 8;                        ///< requests in flight, at most; at least 1
  rate_options rate;
  batch_options batch;
  retry_options retry;
  destinations::on_in_doubt on_in_doubt = destinations::on_in_doubt::retry;
  settings own;  ///< the kind's settings

  friend bool operator==(const options&, const options&) = default;
};

}  // namespace cartrelay::destinations
