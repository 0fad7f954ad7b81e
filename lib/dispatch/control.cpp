#include "dispatch/control.hpp"

#include "base/json_writer.hpp"
#include "dispatch/errc.hpp"

#include <boost/json.hpp>

#include <utility>

namespace cartrelay::dispatch {
namespace {

namespace json = boost::json;

constexpr int version = 1;

base::timestamp stamp(const json::value& micros) {
  return base::from_micros(micros.to_number<std::int64_t>());
}

std::string words(const json::value& text) {
  return json::value_to<std::string>(text);
}

control::pause read_pause(const json::object& from) {
  control::pause out{stamp(from.at("until")), words(from.at("reason")), {}, {}};
  if (const auto* address = from.if_contains("address")) out.address = words(*address);
  if (const auto* since = from.if_contains("since")) out.since = stamp(*since);
  return out;
}

control read(const json::object& from) {
  control out;
  // Versions before this one stored neither the kind nor, in a pause, the address and the time.
  if (const auto* kind = from.if_contains("kind")) out.kind = words(*kind);
  out.paused = from.at("paused").as_bool();
  if (const auto* held = from.if_contains("held")) out.held = read_pause(held->as_object());
  if (const auto* refused = from.if_contains("suspended")) {
    suspension::record record;
    record.since = stamp(refused->at("since"));
    record.next_probe = stamp(refused->at("next_probe"));
    record.probes = refused->at("probes").to_number<std::uint32_t>();
    record.reason = words(refused->at("reason"));
    record.account = words(refused->at("credential"));
    out.suspended = std::move(record);
  }
  return out;
}

}  // namespace

std::string to_text(const control& what) {
  std::string out;
  base::json_writer writer(out);
  writer.begin_object().member("version", version);
  if (!what.kind.empty()) writer.member("kind", what.kind);
  writer.member("paused", what.paused);
  if (what.held) {
    writer.key("held").begin_object().member("until", base::to_micros(what.held->until));
    if (what.held->since) writer.member("since", base::to_micros(*what.held->since));
    writer.member("reason", what.held->reason).member("address", what.held->address).end_object();
  }
  if (what.suspended) {
    const auto& record = *what.suspended;
    writer.key("suspended").begin_object().member("since", base::to_micros(record.since));
    writer.member("next_probe", base::to_micros(record.next_probe)).member("probes", record.probes);
    writer.member("reason", record.reason).member("credential", record.account).end_object();
  }
  writer.end_object();
  return out;
}

base::result<control> parse_control(std::string_view text) {
  if (text.empty()) return control{};
  try {
    const auto parsed = json::parse(text);
    if (parsed.at("version").to_number<int>() == version) return read(parsed.as_object());
  } catch (const std::exception&) {
    // Falls through: whatever is wrong with it, it cannot be read.
  }
  return fail(errc::unreadable_control, "the stored state of the destination cannot be read");
}

}  // namespace cartrelay::dispatch
