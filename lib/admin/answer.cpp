#include "admin/answer.hpp"

#include "base/media_type.hpp"
#include "dispatch/errc.hpp"
#include "ingest/answer.hpp"
#include "queue/errc.hpp"

namespace cartrelay::admin {

http::response answer_failure(const base::error& failure) {
  if (failure.code == queue::errc::not_found) return ingest::answer_not_found(failure);
  if (failure.code == queue::errc::stopped || failure.code == dispatch::errc::stopping)
    return http::unavailable("stopping", "the daemon is stopping", retry_after);
  return http::unavailable(ingest::reason_of(failure.code), failure.message(), retry_after);
}

std::optional<http::response> refuse_media_type(const http::request& incoming) {
  if (incoming.body.empty()) return std::nullopt;
  const auto type = incoming.headers.find("content-type");
  if (type && base::is_json_media_type(*type)) return std::nullopt;
  return http::problem(415, "Content-Type has to be application/json, in UTF-8");
}

void guard_browsers(http::response& answer) {
  answer.headers.set("Content-Security-Policy",
                     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                     "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  answer.headers.set("X-Content-Type-Options", "nosniff");
  answer.headers.set("Referrer-Policy", "no-referrer");
  answer.headers.set("Cache-Control", "no-store");
}

}  // namespace cartrelay::admin
