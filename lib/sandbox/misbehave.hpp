#pragma once

#include "http/message.hpp"
#include "sandbox/fault.hpp"

#include <chrono>

namespace cartrelay::sandbox {

/// Whether the vendor sees the request at all under this fault.
[[nodiscard]] bool reaches_vendor(const fault& what) noexcept;

/// What the client gets in the end: `natural`, the vendor's own answer, if that was asked for, else something
/// worse. `pause` is what to wait before it is sent.
struct spoiled {
  http::response response;
  std::chrono::milliseconds pause{0};
};
[[nodiscard]] spoiled spoil(const fault& what, http::response natural);

}  // namespace cartrelay::sandbox
