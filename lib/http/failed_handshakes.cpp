#include "http/failed_handshakes.hpp"

#include <boost/asio/ssl/error.hpp>
#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace cartrelay::http {
namespace {

constexpr std::chrono::minutes quiet{1};

}  // namespace

std::optional<std::string> failed_handshakes::note(std::string_view client,
                                                   const boost::system::error_code& why,
                                                   base::steady_time now) {
  if (why.category() != boost::asio::error::get_ssl_category()) return std::nullopt;
  ++untold_;
  if (now < quiet_until_) return std::nullopt;
  quiet_until_ = now + quiet;
  const auto count = std::exchange(untold_, 0);
  if (count == 1) return fmt::format("a TLS handshake with {} failed: {}", client, why.message());
  return fmt::format("{} TLS handshakes failed, the last with {}: {}", count, client, why.message());
}

}  // namespace cartrelay::http
