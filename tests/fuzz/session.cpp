#include "base/text.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/wire.hpp"

#include <algorithm>
#include <string>

namespace cartrelay::fuzz {
namespace {

void check_request(const http::request& handled, std::string_view wire) {
  require(handled.body.size() <= fuzzed_limits().max_body, "no body is larger than the limit");
  require(handled.headers.size() <= fuzzed_limits().max_fields, "no request has more fields than the limit");
  require(!handled.target.empty() && handled.target.front() == '/', "a target is a path", handled.target);
  require(wire.find(handled.target) != std::string_view::npos, "a target is what was sent", handled.target);
  std::size_t hosts = 0, framings = 0;
  for (const auto& [name, value] : handled.headers) {
    require(http::is_valid_field_name(name), "a field's name is a token", name);
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
            "no line break in a value", value);
    const auto is = [&name = name](std::string_view other) {
      return base::equals_ignoring_case(name, other);
    };
    hosts += is("host") ? 1u : 0u;
    framings += is("content-length") || is("transfer-encoding") ? 1u : 0u;
  }
  require(hosts == 1, "a request has one Host");
  require(framings <= 1, "a request's length is said once");
}

/// What a client can tell from the answers must be what happened.
void check_answers(const played& came) {
  const auto statuses = final_statuses(came.output);
  require(statuses.has_value(), "answers are well-formed", came.output);
  require(statuses->size() == came.requests.size() + came.screened + came.refused,
          "each request has one answer", came.output);
  require(came.refused <= 1, "nothing is read after a refusal");
  if (came.refused == 1)
    require(statuses->back() >= 400 && statuses->back() < 500, "a refusal is a 4xx and the last word",
            came.output);
}

bool same(const http::request& a, const http::request& b) {
  return a.method == b.method && a.target == b.target && a.body == b.body &&
         std::ranges::equal(a.headers, b.headers);
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
    for (const auto& handled : came->requests)
      check_request(handled, wire);
  }
  require(std::ranges::equal(whole.requests, pieces.requests, same),
          "the same requests, however their bytes are cut into reads");
  require(whole.screened == pieces.screened, "the same early answers, however the bytes are cut");
  require(whole.refused == pieces.refused, "refused or not, however the bytes are cut");
}

}  // namespace cartrelay::fuzz
