#include "sandbox/elevate.hpp"

#include "sandbox/shape.hpp"

namespace cartrelay::sandbox {
namespace {

http::response refusal(int status, std::string_view words) {
  http::response refused;
  refused.status = status;
  refused.headers.add("Content-Type", "text/plain; charset=utf-8");
  refused.body = std::string(words);
  return refused;
}

/// What a real cluster would take and then make nothing of.
std::vector<std::string> notes_on(const call& incoming, const value& body) {
  std::vector<std::string> notes;
  const bool signed_in = is_sha256_hex(body.text_of("customerKey"));
  if (!signed_in && !is_uuid(body.text_of("customerKey"))) {
    notes.emplace_back("customerKey is neither a UUID nor a SHA-256 hash");
  }
  if (!is_uuid(body.text_of("sessionKey"))) notes.emplace_back("sessionKey is not a UUID");
  if (!signed_in && body.find("token") != nullptr) {
    notes.emplace_back("token is meant for signed-in visitors, whose customerKey is a SHA-256 hash");
  }
  if (incoming.request.headers.find("authorization"))
    notes.emplace_back("a credential was sent to a vendor that takes none");
  return notes;
}

}  // namespace

answer elevate::receive(const call& incoming) {
  if (!path_is(incoming, {"api", "v1", "notifications", "adding-to-cart"}))
    return {refusal(404, "Not found")};
  if (incoming.request.method != "POST") return {with_allow(refusal(405, "Use POST"), "POST")};
  if (!is_json(incoming.request)) return {refusal(415, "Content-Type must be application/json")};
  const auto body = parse_document(incoming.request.body);
  if (!body) return {refusal(400, body.error())};
  violations found;
  shape top(*body, "", found);
  for (const std::string_view name : {"market", "customerKey", "sessionKey", "id", "ticket"}) {
    top.string(name, need::required);
  }
  top.string("token", need::optional);
  top.nothing_else();
  if (!found.empty()) return {refusal(400, sentence(found))};
  if (is_sha256_hex(body->text_of("customerKey")) && !accepts(incoming.settings, body->text_of("token"))) {
    return {refusal(403, "The SHA-256 customer key could not be validated")};
  }
  notification& record = notifications_[std::string(body->text_of("id"))];
  ++taken_;
  if (record.times > 0) ++repeated_;
  ++record.times;
  record.json = to_json(*body);
  http::response done;
  done.status = 204;
  return {std::move(done), notes_on(incoming, *body)};
}

void elevate::write_counters(base::json_writer& out) const {
  out.member("notifications", taken_)
      .member("repeated", repeated_)
      .member("forgotten", notifications_.dropped());
}

void elevate::write_state(base::json_writer& out) const {
  out.key("notifications").begin_object();
  notifications_.for_each([&](const std::string& id, const notification& record) {
    out.key(id)
        .begin_object()
        .member("times", record.times)
        .key("notification")
        .raw(record.json)
        .end_object();
  });
  out.end_object();
}

}  // namespace cartrelay::sandbox
