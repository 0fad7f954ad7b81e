#include "base/text.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/reference.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace cartrelay::fuzz {
namespace {

bool is(std::string_view name, std::string_view other) {
  return base::equals_ignoring_case(name, other);
}

void check_fields(const http::fields& fields) {
  require(fields.size() <= fuzzed_limits().max_fields, "no request has more fields than the limit");
  std::size_t hosts = 0, framings = 0;
  for (const auto& [name, value] : fields) {
    require(http::is_valid_field_name(name), "a field's name is a token", name);
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
            "no line break in a value", value);
    hosts += is(name, "host") ? 1u : 0u;
    framings += is(name, "content-length") || is(name, "transfer-encoding") ? 1u : 0u;
    require(!is(name, "transfer-encoding") || is(value, "chunked"), "no coding but chunked is taken", value);
  }
  require(hosts == 1, "a request has one Host");
  require(framings <= 1, "a request's length is said once");
}

/// `GET` in the place of HEAD is what a handler sees.
void check_line(const http::request& handled, std::string_view head) {
  const auto line = head.substr(0, head.find("\r\n"));
  const auto sent = [&](std::string_view method) {
    const auto start = std::string(method) + " " + handled.target + " HTTP/1.";
    return line.starts_with(start) && line.size() == start.size() + 1;
  };
  require(sent(handled.method) || (handled.method == "GET" && sent("HEAD")), "the request line that was sent",
          line);
  const auto lines = static_cast<std::size_t>(std::ranges::count(head, '\n'));
  require(lines == handled.headers.size(), "as many fields as lines", head);
}

/// What reached the handler is what stands on the wire, one request after the other, by a reading of its own.
void check_requests(const played& came, std::string_view wire) {
  for (std::size_t at = 0; at < came.requests.size(); ++at) {
    const auto& [handled, early] = came.requests[at];
    check_fields(handled.headers);
    require(handled.target.starts_with('/'), "a target is a path", handled.target);
    require(handled.body.size() <= fuzzed_limits().max_body, "no body is larger than the limit");
    const auto sent = take_framed(wire, handled.headers);
    if (early && (!sent || !sent->body.empty()))  // its body is not read, and nothing after it
      return require(at + 1 == came.requests.size(), "nothing is read after a body that was not");
    if (!sent) report_and_abort("a request that was handled was sent", wire);
    check_line(handled, sent->head);
    const bool packed = handled.headers.find("Content-Encoding").has_value();
    require(packed || handled.body == sent->body, "the body that was sent", handled.body);
  }
}

/// What a client can tell from the answers must be what happened.
void check_answers(const played& came) {
  const auto statuses = final_statuses(came.output);
  require(statuses.has_value(), "answers are well-formed", came.output);
  require(statuses->size() == came.requests.size() + came.refused, "each request has one answer",
          came.output);
  require(came.refused <= 1, "nothing is read after a refusal");
  if (came.refused == 1)
    require(statuses->back() >= 400 && statuses->back() < 500, "a refusal is a 4xx and the last word",
            came.output);
}

bool same(const seen& one, const seen& other) {
  const auto &a = one.what, &b = other.what;
  return one.early == other.early && a.method == b.method && a.target == b.target && a.body == b.body &&
         std::ranges::equal(a.headers, b.headers);
}

/// A request in chunks of ours is taken, and its body is what was cut into them.
void check_own(std::string_view text, unsigned seed) {
  const auto body = text.substr(0, fuzzed_limits().max_body);
  std::string wire = "POST /own HTTP/1.1\r\nHost: own\r\nTransfer-Encoding: chunked\r\n\r\n";
  cuts pieces(seed);
  for (auto rest = body; !rest.empty();) {
    const auto size = std::min(rest.size(), pieces.next(rest.size()));
    wire += fmt::format("{:x}\r\n{}\r\n", size, rest.substr(0, size));
    rest.remove_prefix(size);
  }
  wire += "0\r\n\r\n";
  const auto came = play(wire, seed, seed);
  require(came.refused == 0 && came.requests.size() == 1, "a request without a fault is taken", wire);
  require(came.requests.front().what.body == body, "chunks are joined to what was cut", wire);
}

}  // namespace

void session(std::string_view bytes) {
  input in(bytes);
  const auto seed = in.choice();
  const auto wire = in.rest();
  const auto whole = play(wire, whole_reads, 0);
  const auto pieces = play(wire, seed, seed);
  for (const auto* came : {&whole, &pieces}) {
    check_answers(*came);
    check_requests(*came, wire);
  }
  require(std::ranges::equal(whole.requests, pieces.requests, same),
          "the same requests, however their bytes are cut into reads");
  require(whole.refused == pieces.refused, "refused or not, however the bytes are cut");
  if (seed % 4 == 0) check_own(wire, seed);
}

}  // namespace cartrelay::fuzz
