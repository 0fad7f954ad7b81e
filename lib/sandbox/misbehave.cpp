#include "sandbox/misbehave.hpp"

#include "http/response_text.hpp"
#include "http/wire_script.hpp"

namespace cartrelay::sandbox {
namespace {

using http::wire_script;

http::response scripted(std::vector<wire_script::step> steps, wire_script::ending last) {
  http::response out;
  out.status = 0;
  auto script = std::make_shared<wire_script>();
  script->steps = std::move(steps);
  script->last = last;
  out.script = std::move(script);
  return out;
}

/// Keeps the status for the record: something of the answer did go out.
http::response scripted(int status, std::vector<wire_script::step> steps, wire_script::ending last) {
  http::response out = scripted(std::move(steps), last);
  out.status = status;
  return out;
}

std::string on_the_wire(const http::response& answer) {
  std::string text;
  if (!http::append_response(text, answer, http::answer_framing{})) text.clear();
  return text;
}

http::response refusal(const fault& what, int otherwise) {
  http::response out;
  out.status = what.status.value_or(otherwise);
  out.headers = what.headers;
  out.body = what.body;
  return out;
}

http::response dripping(const fault& what, const http::response& natural) {
  std::vector<wire_script::step> steps;
  for (const char c : on_the_wire(natural))
    steps.push_back({what.delay, std::string(1, c)});
  return scripted(natural.status, std::move(steps), wire_script::ending::close);
}

/// Half of the body, or, if there is none, half of the header.
http::response truncated(const http::response& natural) {
  std::string text = on_the_wire(natural);
  text.resize(natural.body.empty() ? text.size() / 2 : text.size() - (natural.body.size() + 1) / 2);
  return scripted(natural.status, {{{}, std::move(text)}}, wire_script::ending::close);
}

http::response garbage(const fault& what) {
  std::string bytes = what.body.empty() ? std::string("\x16\x03garbage, not HTTP\r\n\r\n") : what.body;
  return scripted({{{}, std::move(bytes)}}, wire_script::ending::close);
}

http::response flood(const fault& what) {
  http::response out = refusal(what, 200);
  out.body.assign(what.bytes, ' ');
  return out;
}

}  // namespace

bool reaches_vendor(const fault& what) noexcept {
  switch (what.action) {
    case fault_action::delay:
    case fault_action::drip:
    case fault_action::truncate:
    case fault_action::half_batch:
      return true;
    case fault_action::status:
    case fault_action::hang:
    case fault_action::reset:
    case fault_action::garbage:
    case fault_action::flood:
      break;
  }
  return what.after_processing;
}

spoiled spoil(const fault& what, http::response natural) {
  switch (what.action) {
    case fault_action::status:
      return {refusal(what, 503)};
    case fault_action::delay:
      return {std::move(natural), what.delay};
    case fault_action::hang:
      return {scripted({}, wire_script::ending::hold)};
    case fault_action::reset:
      return {scripted({}, wire_script::ending::reset)};
    case fault_action::drip:
      return {dripping(what, natural)};
    case fault_action::truncate:
      return {truncated(natural)};
    case fault_action::garbage:
      return {garbage(what)};
    case fault_action::flood:
      return {flood(what)};
    case fault_action::half_batch:
      if (what.status) return {refusal(what, 500)};
      return {std::move(natural)};
  }
  return {std::move(natural)};
}

}  // namespace cartrelay::sandbox
