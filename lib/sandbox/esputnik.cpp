#include "sandbox/esputnik.hpp"

#include "base/uuid.hpp"

namespace cartrelay::sandbox {
namespace {

constexpr std::size_t longest_history = 20;

bool authorized(const call& incoming) {
  const auto header = credential(incoming.request, "Basic");
  const auto pair = header ? base64_decode(*header) : std::nullopt;
  if (!pair) return false;
  const auto colon = pair->find(':');
  return colon != std::string::npos && accepts(incoming.settings, std::string_view(*pair).substr(colon + 1));
}

}  // namespace

answer esputnik::receive(const call& incoming) {
  const bool events = path_is(incoming, {"v1", "event"});
  if (!events && !path_is(incoming, {"v1", "contacts"}))
    return {message_refusal(404, "There is nothing at this path")};
  if (incoming.request.method != "POST") return {with_allow(message_refusal(405, "Use POST"), "POST")};
  if (!authorized(incoming)) {
    http::response refused = message_refusal(401, "The API key is missing or wrong");
    refused.headers.add("WWW-Authenticate", "Basic realm=\"eSputnik\"");
    return {std::move(refused)};
  }
  if (!is_json(incoming.request)) return {message_refusal(415, "Content-Type must be application/json")};
  return events ? take_event(incoming) : take_contacts(incoming);
}

answer esputnik::take_contacts(const call& incoming) {
  const auto body = parse_document(incoming.request.body);
  if (!body) return {message_refusal(400, body.error())};
  violations found;
  const value* contacts = check_contacts(*body, found);
  if (contacts == nullptr || !found.empty()) return {message_refusal(400, sentence(found))};
  for (const value& one : contacts->elements) {
    const auto all = identities(one);
    if (all.empty()) continue;
    std::string name = all.front();
    for (const std::string& identity : all) {
      if (const std::string* known = names_.find(identity)) name = *known;
    }
    for (const std::string& identity : all)
      names_[identity] = name;
    contacts_[name].json = to_json(one);
    ++imports_;
  }
  std::string text;
  base::json_writer(text).begin_object().member("asyncSessionId", base::uuid_v4()).end_object();
  return {http::json_response(200, std::move(text))};
}

answer esputnik::take_event(const call& incoming) {
  const auto body = parse_document(incoming.request.body);
  if (!body) return {message_refusal(400, body.error())};
  violations found;
  answer done;
  const contact_event event = check_event(*body, found, done.notes);
  if (!found.empty()) return {message_refusal(400, sentence(found))};
  done.response.status = 200;
  ++events_;
  const std::string owner = owner_of(event);
  std::string reason;
  if (owner.empty()) {
    ++unknown_contact_;
    reason = identities(event).empty() ? "no parameter names a contact" : "the contact does not exist";
  } else {
    if (is_order_event(event.type)) reason = apply_order(event, owner);
    if (reason.empty()) ++contacts_[owner].events[event.type];
  }
  if (!reason.empty()) {
    ++ignored_;
    done.notes.push_back("ignored: " + reason);
  }
  return done;
}

std::string esputnik::owner_of(const contact_event& event) {
  for (const std::string& identity : identities(event)) {
    if (const std::string* name = names_.find(identity)) return *name;
  }
  return {};
}

std::string esputnik::apply_order(const contact_event& event, const std::string& owner) {
  const std::string id(event.param("externalOrderId"));
  if (id.empty()) return "externalOrderId is missing";
  const bool known = orders_.find(id) != nullptr;
  const bool creates = event.type == "orderCreated" || (event.type == "orderUpdated" && !known);
  std::string status(event.param("status"));
  if (creates) {
    std::string missing;
    for (const std::string_view name : missing_for_order(event))
      missing += ' ' + std::string(name);
    if (!missing.empty()) return "required parameters are missing:" + missing;
  } else if (!known) {
    return "the order does not exist";
  }
  if (event.type == "orderDelivered") status = "DELIVERED";
  if (event.type == "orderCancelled") status = "CANCELLED";
  order& record = orders_[id];
  ++record.events;
  record.contact = owner;
  if (!event.param("totalCost").empty()) record.total_cost = event.param("totalCost");
  if (!status.empty() && record.status != status) {
    record.status = status;
    record.history.push_back(status);
    if (record.history.size() > longest_history) record.history.erase(record.history.begin());
  }
  return {};
}

void esputnik::write_counters(base::json_writer& out) const {
  out.member("contacts_imported", imports_).member("events", events_).member("ignored", ignored_);
  out.member("unknown_contact", unknown_contact_)
      .member("forgotten", contacts_.dropped() + orders_.dropped());
}

void esputnik::write_state(base::json_writer& out) const {
  out.key("contacts").begin_object();
  contacts_.for_each([&](const std::string& name, const contact& one) {
    out.key(name).begin_object().key("events").begin_object();
    for (const auto& [type, count] : one.events)
      out.member(type, count);
    out.end_object().key("contact").raw(one.json.empty() ? "null" : one.json).end_object();
  });
  out.end_object().key("orders").begin_object();
  orders_.for_each([&](const std::string& id, const order& one) {
    out.key(id).begin_object().member("status", one.status).key("history").begin_array();
    for (const std::string& status : one.history)
      out.value(status);
    out.end_array().member("contact", one.contact).member("total_cost", one.total_cost);
    out.member("events", one.events).end_object();
  });
  out.end_object();
}

}  // namespace cartrelay::sandbox
