#pragma once

#include "admin/snapshot.hpp"

#include <string>

namespace cartrelay::admin {

/// What the text is, for Content-Type: the exposition format that every Prometheus reads, version 0.0.4.
inline constexpr const char* metrics_media_type = "text/plain; version=0.0.4; charset=utf-8";

/// The figures of /status as Prometheus families `cartrelay_…`, in base units (seconds, bytes). Destinations
/// are told apart by the labels `destination` and `kind`. Pure.
[[nodiscard]] std::string metrics_text(const snapshot& seen);

}  // namespace cartrelay::admin
