#include "sandbox/control.hpp"

#include "http/access.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

namespace cartrelay::sandbox {
namespace {

constexpr std::uint64_t longest_wait_ms = 600'000, longest_lifetime_s = 600'000;
constexpr std::size_t most_listed = 100'000;

using query = std::map<std::string, std::string, std::less<>>;

http::response bad(const violations& found) {
  std::vector<http::problem_entry> entries;
  for (const violation& one : found)
    entries.push_back({one.where, one.what, std::nullopt});
  return http::problem(400, sentence(found), entries);
}

/// The query's parameters, all of which must be of `known`.
query read_query(const http::request& incoming, std::initializer_list<std::string_view> known,
                 violations& found) {
  query read;
  const auto pairs = http::parse_query(incoming.query());
  if (!pairs) found.push_back({"query", "is malformed", {}});
  if (!pairs) return read;
  for (const auto& [name, text] : *pairs) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      found.push_back({name, "is not known here", {}});
    read[name] = text;
  }
  return read;
}

std::uint64_t number(const query& from, std::string_view name, std::uint64_t otherwise, std::uint64_t most,
                     violations& found) {
  const auto at = from.find(name);
  if (at == from.end()) return otherwise;
  std::uint64_t parsed = 0;
  const char* const end = at->second.data() + at->second.size();
  const auto [stop, failed] = std::from_chars(at->second.data(), end, parsed);
  if (failed == std::errc{} && stop == end && parsed <= most) return parsed;
  found.push_back({std::string(name), "must be a whole number up to " + std::to_string(most), at->second});
  return otherwise;
}

std::string text(const query& from, std::string_view name) {
  const auto at = from.find(name);
  return at == from.end() ? std::string() : at->second;
}

http::response overview() {
  std::string body;
  base::json_writer out(body);
  out.begin_object().key("vendors").begin_object();
  for (const std::string_view name : vendor_names)
    out.member(name, "/" + std::string(name));
  out.end_object().member("further_accounts", "/i/{instance}/{vendor}").key("control").begin_array();
  for (const std::string_view path :
       {"/_sandbox/requests", "/_sandbox/state", "/_sandbox/faults", "/_sandbox/accounts"}) {
    out.value(path);
  }
  out.end_array().end_object();
  return http::json_response(200, std::move(body));
}

}  // namespace

base::task<http::response> control::handle(const http::request& incoming) {
  const std::string_view path = incoming.path();
  constexpr std::string_view fault_path = "/_sandbox/faults/";
  if (path == "/_sandbox/requests") co_return co_await requests(incoming);
  if (path == "/_sandbox/state") co_return state(incoming);
  if (path == "/_sandbox/faults") co_return faults(incoming);
  if (path.starts_with(fault_path)) co_return one_fault(incoming, path.substr(fault_path.size()));
  if (path == "/_sandbox/accounts") co_return change_account(incoming);
  if (path != "/_sandbox") co_return http::problem(404, "GET /_sandbox says what there is");
  if (incoming.method == "GET") co_return overview();
  if (incoming.method == "DELETE") co_return reset();
  co_return http::method_not_allowed("GET, DELETE");
}

base::task<http::response> control::requests(const http::request& incoming) {
  if (incoming.method != "GET") co_return http::method_not_allowed("GET");
  violations found;
  const auto asked =
      read_query(incoming, {"vendor", "instance", "after", "limit", "count", "wait_ms"}, found);
  arrival_filter filter;
  filter.vendor = text(asked, "vendor");
  filter.instance = text(asked, "instance");
  filter.by_instance = asked.contains("instance");
  filter.after = number(asked, "after", 0, UINT64_MAX, found);
  const std::size_t limit = number(asked, "limit", 1'000, most_listed, found);
  const std::size_t wanted = number(asked, "count", 0, most_listed, found);
  const auto patience = std::chrono::milliseconds(number(asked, "wait_ms", 0, longest_wait_ms, found));
  if (!found.empty()) co_return bad(found);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (stage_.arrivals.count(filter) < wanted && !stage_.arrived.closed()) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    co_await stage_.arrived.wait(left);
  }
  std::string body;
  base::json_writer out(body);
  out.begin_object();
  stage_.arrivals.write(out, filter, limit);
  out.end_object();
  co_return http::json_response(200, std::move(body));
}

http::response control::state(const http::request& incoming) const {
  if (incoming.method != "GET") return http::method_not_allowed("GET");
  violations found;
  const auto asked = read_query(incoming, {"vendor", "instance", "summary"}, found);
  if (!found.empty()) return bad(found);
  const auto instance = asked.find("instance");
  std::string body;
  base::json_writer out(body);
  out.begin_object().key("accounts");
  stage_.accounts.write(out, text(asked, "vendor"), instance == asked.end() ? nullptr : &instance->second,
                        text(asked, "summary") != "1");
  out.end_object();
  return http::json_response(200, std::move(body));
}

http::response control::reset() {
  stage_.accounts.clear();
  stage_.faults.clear();
  stage_.arrivals.forget();
  return no_content();
}

http::response control::faults(const http::request& incoming) {
  if (incoming.method == "POST") return add_fault(incoming);
  if (incoming.method == "DELETE") {
    stage_.faults.clear();
    return no_content();
  }
  if (incoming.method != "GET") return http::method_not_allowed("GET, POST, DELETE");
  std::string body;
  base::json_writer out(body);
  out.begin_object().key("faults").begin_array();
  for (const fault& one : stage_.faults.all())
    write(out, one);
  out.end_array().end_object();
  return http::json_response(200, std::move(body));
}

http::response control::add_fault(const http::request& incoming) {
  const auto parsed = parse_document(incoming.body);
  if (!parsed) return bad({{"", parsed.error(), {}}});
  violations found;
  fault wanted = read_fault(*parsed, found);
  if (!found.empty()) return bad(found);
  const fault* added = stage_.faults.add(std::move(wanted));
  if (added == nullptr) return http::problem(409, "Take some back first");
  std::string body;
  base::json_writer out(body);
  write(out, *added);
  return http::json_response(201, std::move(body));
}

http::response control::one_fault(const http::request& incoming, std::string_view id) {
  if (incoming.method != "DELETE") return http::method_not_allowed("DELETE");
  std::uint64_t parsed = 0;
  const auto [stop, failed] = std::from_chars(id.data(), id.data() + id.size(), parsed);
  const bool whole_text = failed == std::errc{} && stop == id.data() + id.size();
  if (!whole_text || !stage_.faults.remove(parsed)) return http::problem(404, "There is no such fault");
  return no_content();
}

http::response control::change_account(const http::request& incoming) {
  if (incoming.method != "POST") return http::method_not_allowed("POST");
  const auto parsed = parse_document(incoming.body);
  if (!parsed) return bad({{"", parsed.error(), {}}});
  violations found;
  shape top(*parsed, "", found);
  const std::string* vendor_name = top.string("vendor", need::required);
  const std::string* instance = top.string("instance", need::optional, forms::anything);
  const std::string* secret = top.string("secret", need::optional, forms::anything);
  const auto latency = top.whole("latency_ms", longest_wait_ms);
  const auto lifetime = top.whole("token_lifetime_s", longest_lifetime_s);
  top.nothing_else();
  if (!found.empty()) return bad(found);
  tenant* target = stage_.accounts.at(*vendor_name, instance == nullptr ? std::string_view() : *instance);
  if (target == nullptr)
    return bad({{"vendor", "is none of the vendors, or the instance is not possible", {}}});
  if (secret != nullptr) target->settings.secret = *secret;
  if (latency) target->settings.latency = std::chrono::milliseconds(*latency);
  if (lifetime) target->settings.token_lifetime = std::chrono::seconds(*lifetime);
  return no_content();
}

}  // namespace cartrelay::sandbox
