#include "admin/actions.hpp"

#include "admin/answer.hpp"
#include "admin/selection.hpp"
#include "base/json_writer.hpp"
#include "event/document.hpp"
#include "http/query_reader.hpp"

#include <algorithm>
#include <optional>

namespace cartrelay::admin {
namespace {

http::response refuse(const std::vector<http::problem_entry>& faults) {
  return http::problem(400, "the body does not say what is meant; nothing was changed", faults);
}

http::response answer_count(std::string_view member, const base::result<std::size_t>& changed) {
  if (!changed) return answer_failure(changed.error());
  std::string body;
  base::json_writer json(body);
  json.begin_object().member(member, *changed).end_object();
  return http::json_response(200, std::move(body));
}

http::response answer_state(const base::result<bool>& found, const dispatch::dispatcher& delivery,
                            const std::string& name) {
  if (!found) return answer_failure(found.error());
  const auto all = delivery.status();
  const auto each = std::ranges::find(all, name, &dispatch::destination_status::name);
  if (*found && each != all.end()) {
    std::string body;
    base::json_writer json(body);
    json.begin_object().member("name", name).member("state", dispatch::to_string(each->state)).end_object();
    return http::json_response(200, std::move(body));
  }
  if (each != all.end())
    return http::problem(
        404, "destination \"" + name +
                 "\" is not in the configuration any more: put its entry back, or give its rest up: "
                 "cartrelay dead-letters discard --destination " +
                 name);
  std::vector<std::string_view> known;
  known.reserve(all.size());
  for (const auto& destination : all)
    if (destination.configured) known.push_back(destination.name);
  return http::problem(404, "destination " + http::unknown_word(name, known));
}

}  // namespace

std::optional<http::response> refuse_body(const std::string& body) {
  if (body.empty()) return std::nullopt;
  event::document parsed;
  const auto* root = parsed.parse(body);
  if (root != nullptr && root->what == event::node::kind::object && root->size == 0) return std::nullopt;
  return refuse({{"", "expected no body, or an empty object", {}}});
}

base::task<http::response> replay(dispatch::dispatcher& delivery, std::string body,
                                  ingest::destination_names names) {
  const auto asked = parse_selection(body, names);
  if (!asked.faults.empty()) co_return refuse(asked.faults);
  auto changed = co_await delivery.replay(asked.which);
  co_return answer_count("replayed", changed);
}

base::task<http::response> discard(dispatch::dispatcher& delivery, std::string body,
                                   ingest::destination_names names) {
  const auto asked = parse_selection(body, names);
  if (!asked.faults.empty()) co_return refuse(asked.faults);
  auto changed = co_await delivery.discard(asked.which);
  co_return answer_count("discarded", changed);
}

base::task<http::response> pause(dispatch::dispatcher& delivery, std::string name, std::string body) {
  if (auto refused = refuse_body(body)) co_return std::move(*refused);
  auto found = co_await delivery.pause(name);
  co_return answer_state(found, delivery, name);
}

base::task<http::response> resume(dispatch::dispatcher& delivery, std::string name, std::string body) {
  if (auto refused = refuse_body(body)) co_return std::move(*refused);
  auto found = co_await delivery.resume(name);
  co_return answer_state(found, delivery, name);
}

}  // namespace cartrelay::admin
