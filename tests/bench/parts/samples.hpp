#pragma once

#include "bench/load/shop_events.hpp"
#include "event/parse.hpp"

#include <stdexcept>
#include <string>

/// What the benchmarks of the parts work on: the load driver's events.
namespace cartrelay::bench {

inline const base::timestamp sample_time = *base::parse_rfc3339("2026-03-15T14:23:00Z");

/// An event of this type as JSON, about 1 KB.
inline std::string sample_json(const std::string& type, std::uint64_t number = 0) {
  std::string out;
  shop_events(type, "p").append(out, number);
  return out;
}

inline event::event sample(const std::string& type, std::uint64_t number = 0) {
  const event::options any;
  auto parsed = event::parse_body(sample_json(type, number), event::encoding::json, 1, sample_time, any);
  if (!parsed) throw std::logic_error("the sample is not valid: " + parsed.error().list.front().detail);
  return std::move(parsed->front());
}

}  // namespace cartrelay::bench
