#include "http/answer_reader.hpp"

#include "http/response_text.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>

namespace cartrelay::fuzz {
namespace {

using reader = http::answer_reader;

constexpr std::size_t max_body = 600;
/// What a server may make us keep: a head, a body, and an excess of the chunked coding.
constexpr std::size_t most_read = 128 << 10;

struct read {
  reader::state end = reader::state::more;
  http::response answer;
  bool reusable = false;
  std::size_t fed = 0;
};

read feed(std::string_view wire, bool answers_head, bool closes, cuts* pieces) {
  read out;
  reader one(max_body, answers_head);
  while (out.end == reader::state::more && !wire.empty()) {
    const auto size = pieces != nullptr ? pieces->next(wire.size()) : wire.size();
    out.end = one.feed(wire.substr(0, size));
    wire.remove_prefix(size);
    out.fed += size;
    require(one.begun(), "the first byte counts");
  }
  if (out.end == reader::state::more && closes) out.end = one.end_of_stream();
  require(out.end != reader::state::more || out.fed <= most_read, "nothing goes on without end");
  require((out.end == reader::state::failed) == !one.fault().empty(),
          "words for a failure, and for nothing else");
  if (out.end != reader::state::done) return out;
  // What the last piece held after the answer, or what was never fed, would be the next request's answer.
  out.reusable = one.is_reusable() && wire.empty();
  out.answer = one.take();
  return out;
}

void check_answer(const http::response& answer) {
  require(answer.status >= 200 && answer.status <= 999, "a final status");
  require(answer.body.size() <= max_body, "no body is larger than the limit");
  for (const auto& [name, value] : answer.headers)
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
            "no line break in a value", value);
}

/// An answer of ours is read as what was written.
void check_own(const http::response& answer, std::string_view wire) {
  http::response written;
  written.status = answer.status;
  written.body = wire.substr(0, max_body);
  std::string text;
  require(http::append_response(text, written, {}), "an answer can be written");
  const auto again = feed(text, false, false, nullptr);
  const bool has_body = written.status != 204 && written.status != 304;
  require(again.end == reader::state::done && again.reusable, "our own answers can be read", text);
  require(again.answer.status == written.status && again.answer.body == (has_body ? written.body : ""),
          "our own answers are read as they were written", text);
}

}  // namespace

void answer_reader(std::string_view bytes) {
  input in(bytes);
  cuts pieces(in.choice());
  const auto options = in.choice();
  const bool answers_head = (options & 1) != 0, closes = (options & 2) == 0;
  const auto wire = in.rest();
  const auto whole = feed(wire, answers_head, closes, nullptr);
  const auto cut = feed(wire, answers_head, closes, &pieces);
  // Garbage may be found out early or when no more comes; no answer must come of it either way.
  require((whole.end == reader::state::done) == (cut.end == reader::state::done),
          "an answer or none, however the bytes are cut into reads");
  if (whole.end != reader::state::done) return;
  check_answer(whole.answer);
  require(whole.answer.status == cut.answer.status && whole.answer.body == cut.answer.body &&
              std::ranges::equal(whole.answer.headers, cut.answer.headers),
          "the same answer, however the bytes are cut into reads");
  require(whole.reusable == cut.reusable, "the same fate of the connection, however the bytes are cut");
  check_own(whole.answer, wire);
}

}  // namespace cartrelay::fuzz
