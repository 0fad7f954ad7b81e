#include "sandbox/fault.hpp"

#include "sandbox/vendor.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cartrelay::sandbox {
namespace {

constexpr std::uint64_t longest_delay_ms = 3'600'000;
constexpr std::uint64_t most_bytes = 64 << 20;

struct action_name {
  fault_action action;
  std::string_view name;
};
constexpr std::array action_names = {action_name{fault_action::status, "status"},
                                     action_name{fault_action::delay, "delay"},
                                     action_name{fault_action::hang, "hang"},
                                     action_name{fault_action::reset, "reset"},
                                     action_name{fault_action::drip, "drip"},
                                     action_name{fault_action::truncate, "truncate"},
                                     action_name{fault_action::garbage, "garbage"},
                                     action_name{fault_action::flood, "flood"},
                                     action_name{fault_action::half_batch, "half_batch"}};

std::string_view name_of(fault_action action) {
  const auto at = std::find_if(action_names.begin(), action_names.end(),
                               [&](const auto& a) { return a.action == action; });
  return at->name;
}

void read_text(shape& from, std::string_view name, std::string& target) {
  if (const std::string* text = from.string(name, need::optional)) target = *text;
}

void read_match(shape& top, fault& target, violations& found) {
  const value* match = top.object("match", need::optional);
  if (match == nullptr) return;
  shape members(*match, "match", found);
  read_text(members, "body_contains", target.body_contains);
  read_text(members, "path_contains", target.path_contains);
  read_text(members, "order_id", target.order_id);
  read_text(members, "method", target.method);
  members.nothing_else();
}

void read_headers(shape& top, fault& target, violations& found) {
  const value* headers = top.object("headers", need::optional);
  if (headers == nullptr) return;
  for (const auto& [name, text] : headers->members) {
    const bool fits = http::is_valid_field_name(name) && text.is(value::kind::string) &&
                      http::is_valid_field_value(text.text);
    if (fits) {
      target.headers.add(name, text.text);
    } else {
      found.push_back({"headers." + name, "cannot be a header", {}});
    }
  }
}

void read_action(shape& top, fault& target) {
  const std::string* name = top.string("action", need::required);
  if (name == nullptr) return;
  const auto at =
      std::find_if(action_names.begin(), action_names.end(), [&](const auto& a) { return a.name == *name; });
  if (at == action_names.end()) {
    top.note("action", "must be status, delay, hang, reset, drip, truncate, garbage, flood or half_batch");
  } else {
    target.action = at->action;
  }
}

void read_frequency(shape& top, fault& target) {
  target.times = top.whole("times", 1'000'000'000);
  const std::string* probability = top.number("probability", need::optional, forms::amount);
  if (probability == nullptr) return;
  std::from_chars(probability->data(), probability->data() + probability->size(), target.probability);
  if (target.probability > 1) top.note("probability", "must be from 0 to 1");
}

bool matches(const fault& what, std::string_view vendor, std::string_view instance,
             const http::request& incoming) {
  const auto holds = [](std::string_view text, std::string_view part) {
    return part.empty() || text.find(part) != std::string_view::npos;
  };
  return what.vendor == vendor && (!what.instance || *what.instance == instance) &&
         (what.method.empty() || what.method == incoming.method) &&
         holds(incoming.target, what.path_contains) && holds(incoming.body, what.body_contains) &&
         (what.order_id.empty() || holds(incoming.body, base::json_string(what.order_id)));
}

}  // namespace

fault read_fault(const value& body, violations& found) {
  fault made;
  shape top(body, "", found);
  if (const std::string* vendor = top.string("vendor", need::required)) {
    made.vendor = *vendor;
    if (!is_vendor(*vendor)) top.note("vendor", "is none of the vendors");
  }
  if (const std::string* instance = top.string("instance", need::optional, forms::anything))
    made.instance = *instance;
  read_match(top, made, found);
  read_action(top, made);
  read_headers(top, made, found);
  read_frequency(top, made);
  if (const std::string* text = top.string("body", need::optional, forms::anything)) made.body = *text;
  if (const auto status = top.whole("status", 599)) {
    made.status = static_cast<int>(*status);
    if (*status < 200) top.note("status", "must be from 200 to 599");
  }
  if (const auto delay = top.whole("delay_ms", longest_delay_ms))
    made.delay = std::chrono::milliseconds(*delay);
  if (const auto bytes = top.whole("bytes", most_bytes)) made.bytes = *bytes;
  if (const bool* after = top.boolean("after_processing", need::optional)) made.after_processing = *after;
  top.nothing_else();
  return made;
}

void write(base::json_writer& out, const fault& what) {
  const auto text = [&](std::string_view name, const std::string& content) {
    if (!content.empty()) out.member(name, content);
  };
  out.begin_object().member("id", what.id).member("vendor", what.vendor);
  if (what.instance) out.member("instance", *what.instance);
  out.key("match").begin_object();
  text("body_contains", what.body_contains);
  text("path_contains", what.path_contains);
  text("order_id", what.order_id);
  text("method", what.method);
  out.end_object().member("action", name_of(what.action));
  if (what.status) out.member("status", *what.status);
  text("body", what.body);
  out.key("headers").begin_object();
  for (const auto& [name, content] : what.headers)
    out.member(name, content);
  out.end_object().member("delay_ms", what.delay.count()).member("bytes", what.bytes);
  out.member("after_processing", what.after_processing).member("probability", what.probability);
  if (what.times) out.member("times", *what.times);
  out.member("used", what.used).end_object();
}

const fault* fault_book::add(fault wanted) {
  if (faults_.size() >= most) faults_.remove_if([](const fault& one) { return one.spent(); });
  if (faults_.size() >= most) return nullptr;
  wanted.id = next_id_++;
  faults_.push_back(std::move(wanted));
  return &faults_.back();
}

const fault* fault_book::strike(std::string_view vendor, std::string_view instance,
                                const http::request& incoming) {
  for (fault& one : faults_) {
    if (one.spent() || !matches(one, vendor, instance, incoming)) continue;
    if (one.probability < 1 && chance_.fraction() >= one.probability) continue;
    ++one.used;
    return &one;
  }
  return nullptr;
}

bool fault_book::remove(std::uint64_t id) {
  return faults_.remove_if([&](const fault& one) { return one.id == id; }) > 0;
}

}  // namespace cartrelay::sandbox
