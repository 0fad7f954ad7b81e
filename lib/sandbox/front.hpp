#pragma once

#include "http/server.hpp"
#include "sandbox/control.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::sandbox {

/// Whose request it is.
struct route {
  std::string vendor;
  std::string instance;
  std::vector<std::string> rest;  ///< the segments below the vendor's base, decoded
};
/// Nothing if the path leads to no vendor.
[[nodiscard]] std::optional<route> find_route(std::string_view path);

/// Answers every request of the port: routes it to its account, lets faults strike, and records it. One
/// thread; `on` outlives it.
class front final : public http::handler {
 public:
  explicit front(stage& on) : stage_(on), control_(on) {}

  [[nodiscard]] std::optional<http::response> screen(const http::request& head,
                                                     const http::peer& from) override;
  [[nodiscard]] base::task<http::response> handle(http::request& incoming, const http::peer& from) override;

 private:
  struct reply {
    http::response response;
    std::chrono::milliseconds pause{0};
  };
  [[nodiscard]] reply serve(const http::request& incoming);
  [[nodiscard]] reply serve(const http::request& incoming, route where, tenant& account, arrival& record);

  stage& stage_;
  control control_;
};

}  // namespace cartrelay::sandbox
