#pragma once

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::sandbox {

/// What one vendor account accepts and how fast it is; changed over the control interface.
struct account {
  std::string secret;  ///< the credential that is accepted; empty: any that is not empty
  std::chrono::milliseconds latency{0};
  std::chrono::seconds token_lifetime{3'600};  ///< of OAuth tokens
};

/// A request as a vendor sees it.
struct call {
  const http::request& request;
  std::vector<std::string> path;  ///< the segments below the vendor's base, decoded
  const account& settings;
  base::timestamp now;
  /// A fault asks for it: of a batch only the first half is taken.
  bool only_half = false;
};

struct answer {
  http::response response;
  /// What the vendor took without a murmur and should not have been sent, or took no notice of.
  std::vector<std::string> notes = {};
};

/// One account at one vendor: holds requests against the documented contract and remembers what it took.
/// One thread.
class vendor {
 public:
  vendor() = default;
  vendor(const vendor&) = delete;
  vendor& operator=(const vendor&) = delete;
  virtual ~vendor() = default;

  [[nodiscard]] virtual answer receive(const call& incoming) = 0;
  /// Members of an object: exact counters since the last reset.
  virtual void write_counters(base::json_writer& out) const = 0;
  /// Members of an object: everything that is remembered.
  virtual void write_state(base::json_writer& out) const = 0;
};

inline constexpr std::string_view vendor_names[] = {"releva", "reloadify", "elevate", "esputnik", "rokt"};
[[nodiscard]] bool is_vendor(std::string_view name);

/// `remembered`: how many carts, orders, contacts and so on the account keeps, of each kind. Nothing for an
/// unknown name.
[[nodiscard]] std::unique_ptr<vendor> make_vendor(std::string_view name, std::size_t remembered);

/// `application/json`, with or without parameters.
[[nodiscard]] bool is_json(const http::request& request);
/// The credential of `Authorization: <scheme> …`; nothing if the scheme is another.
[[nodiscard]] std::optional<std::string_view> credential(const http::request& request,
                                                         std::string_view scheme);
/// Whether `offered` is what the account accepts.
[[nodiscard]] bool accepts(const account& settings, std::string_view offered);
/// Whether the path is exactly these segments.
[[nodiscard]] bool path_is(const call& incoming, std::initializer_list<std::string_view> segments);
/// 204.
[[nodiscard]] http::response no_content();
/// `{"message":"…"}`, as Releva and eSputnik refuse.
[[nodiscard]] http::response message_refusal(int status, std::string_view words);
/// Gives a 405 the `Allow` that it needs.
[[nodiscard]] http::response with_allow(http::response refused, std::string_view methods);

}  // namespace cartrelay::sandbox
