#pragma once

#include "base/json_writer.hpp"
#include "base/random.hpp"
#include "http/message.hpp"
#include "sandbox/document.hpp"
#include "sandbox/shape.hpp"

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::sandbox {

/// What goes wrong on request.
enum class fault_action {
  status,      ///< this status, these headers and this body in place of the vendor's answer
  delay,       ///< the vendor's answer, `delay` later
  hang,        ///< no answer at all until the client gives up
  reset,       ///< the connection is reset in place of the answer
  drip,        ///< the vendor's answer, one byte every `delay`
  truncate,    ///< half of the vendor's answer, then the end of the connection
  garbage,     ///< bytes that are not HTTP (`body`, if given), then the end of the connection
  flood,       ///< an answer of `bytes` bytes
  half_batch,  ///< only the first half of a batch is taken; answered `status`, or as the vendor would
};

/// A standing order to misbehave. Which requests: those of the vendor that match every given member.
struct fault {
  std::uint64_t id = 0;
  std::string vendor;
  std::optional<std::string> instance;                         ///< absent: all of them
  std::string body_contains, path_contains, order_id, method;  ///< empty: any

  fault_action action = fault_action::status;
  std::optional<int> status;  ///< absent: 503, or the vendor's own for half_batch
  std::string body;
  http::fields headers;
  std::chrono::milliseconds delay{100};
  std::uint64_t bytes = 4 << 20;
  /// The vendor acts on the request first and only its answer is lost. What needs the vendor's answer (delay,
  /// drip, truncate, half_batch) always does so.
  bool after_processing = false;

  std::optional<std::uint64_t> times;  ///< how often; absent: until it is taken back
  double probability = 1.0;
  std::uint64_t used = 0;

  [[nodiscard]] bool spent() const noexcept { return times && used >= *times; }
};

/// Reads one from a control request; what is wrong with it goes to `found`.
[[nodiscard]] fault read_fault(const value& body, violations& found);
void write(base::json_writer& out, const fault& what);

/// The faults in force, in the order in which they were asked for. One thread.
class fault_book {
 public:
  static constexpr std::size_t most = 1'000;

  explicit fault_book(std::uint64_t seed) : chance_(seed) {}

  /// Gives it an id. Spent faults go first when the book is full; nothing if that does not help.
  [[nodiscard]] const fault* add(fault wanted);
  /// The first unspent fault that matches and whose dice fall; counts it as used. Valid until the next
  /// change.
  [[nodiscard]] const fault* strike(std::string_view vendor, std::string_view instance,
                                    const http::request& incoming);
  [[nodiscard]] bool remove(std::uint64_t id);
  void clear() noexcept { faults_.clear(); }
  [[nodiscard]] const std::list<fault>& all() const noexcept { return faults_; }

 private:
  std::list<fault> faults_;
  base::random_source chance_;
  std::uint64_t next_id_ = 1;
};

}  // namespace cartrelay::sandbox
