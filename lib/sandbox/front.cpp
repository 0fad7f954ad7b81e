#include "sandbox/front.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"
#include "sandbox/misbehave.hpp"

namespace cartrelay::sandbox {

std::optional<route> find_route(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto slash = path.find('/');
    auto segment = base::percent_decode(path.substr(0, slash));
    if (!segment || segment->empty()) return std::nullopt;
    segments.push_back(std::move(*segment));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
  }
  route found;
  std::size_t at = 0;
  if (segments.size() >= 2 && segments[0] == "i") {
    found.instance = segments[1];
    at = 2;
  }
  if (at >= segments.size()) return std::nullopt;
  found.vendor = segments[at];
  if (!is_vendor(found.vendor)) return std::nullopt;
  segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  found.rest = std::move(segments);
  return found;
}

std::optional<http::response> front::screen(const http::request&, const http::peer&) {
  return std::nullopt;  // what is refused is recorded too, with its body
}

base::task<http::response> front::handle(http::request& incoming, const http::peer&) {
  const std::string_view path = incoming.path();
  if (path == "/_sandbox" || path.starts_with("/_sandbox/")) co_return co_await control_.handle(incoming);
  reply done = serve(incoming);
  if (done.pause.count() > 0) co_await stage_.delayed.wait(done.pause);
  co_return std::move(done.response);
}

front::reply front::serve(const http::request& incoming) {
  arrival record = record_of(incoming, base::system_clock().now());
  auto where = find_route(incoming.path());
  tenant* account = where ? stage_.accounts.at(where->vendor, where->instance) : nullptr;
  reply done;
  if (account != nullptr) {
    done = serve(incoming, std::move(*where), *account, record);
  } else {
    done.response = http::problem(404, "No vendor is at this path; GET /_sandbox says what there is");
  }
  record.status = done.response.status;
  stage_.arrivals.add(std::move(record));
  stage_.arrived.wake();
  return done;
}

front::reply front::serve(const http::request& incoming, route where, tenant& account, arrival& record) {
  record.vendor = where.vendor;
  record.instance = where.instance;
  const fault* const struck = stage_.faults.strike(where.vendor, where.instance, incoming);
  answer natural;
  if (struck == nullptr || reaches_vendor(*struck)) {
    const bool half = struck != nullptr && struck->action == fault_action::half_batch;
    natural = account.desk->receive({incoming, std::move(where.rest), account.settings, record.at, half});
    record.notes = std::move(natural.notes);
  }
  reply done{std::move(natural.response), account.settings.latency};
  if (struck != nullptr) {
    record.fault = struck->id;
    ++account.faulted;
    spoiled worse = spoil(*struck, std::move(done.response));
    done.response = std::move(worse.response);
    done.pause += worse.pause;
  }
  ++account.requests;
  if (!record.notes.empty()) ++account.noted;
  ++account.answers[done.response.status];
  return done;
}

}  // namespace cartrelay::sandbox
