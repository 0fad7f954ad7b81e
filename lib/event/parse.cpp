#include "event/parse.hpp"

#include "base/text.hpp"
#include "event/content.hpp"
#include "event/document.hpp"
#include "event/envelope.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::event {
namespace {

/// Reads the events of one body one after the other, and gathers all that is wrong with it.
class intake {
 public:
  intake(base::timestamp received_at, const options& rules, const event_sink& take)
      : received_at_(received_at), rules_(rules), take_(take) {}

  /// `size`: about how long the text of this event is. `compact`: that text, where it is known to be compact.
  void take(const node& value, bool specversion_required, std::optional<std::size_t> index, std::size_t size,
            std::string_view compact = {}) {
    reader in(rules_, found_, index);
    event read;
    read_event(in, value, specversion_required, read);
    if (!found_.empty()) return;
    std::optional<text_buffer> written;
    if (compact.empty() || find(value, "specversion") == nullptr) written = structured_json(value, size);
    read.json = written ? written->view() : compact;
    read.content = content_of(value);
    read.received_at = received_at_;
    take_(read);
  }

  void refuse(fault_kind kind, std::string detail) { refuse(kind, {{}, std::move(detail), {}}); }
  void refuse(fault_kind kind, fault found) {
    // Text that is not even JSON is the graver news.
    if (found_.empty() || kind == fault_kind::malformed) kind_ = kind;
    found_.add(std::move(found));
  }
  void refuse_malformed(const std::vector<fault>& found, std::optional<std::size_t> index) {
    for (fault each : found) {
      if (index) each.index = index;
      refuse(fault_kind::malformed, std::move(each));
    }
  }

  boost::system::result<void, faults> finish() {
    if (!found_.empty()) return faults{kind_, std::move(found_).take()};
    return {};
  }

 private:
  base::timestamp received_at_;
  const options& rules_;
  const event_sink& take_;
  fault_list found_;
  fault_kind kind_ = fault_kind::invalid;
};

std::string too_many(std::size_t events, std::size_t max_events) {
  return fmt::format("{} events, at most {} may come in one request", events, max_events);
}

void take_array(intake& into, const node& root, bool specversion_required, std::size_t max_events,
                std::size_t size) {
  if (root.size > max_events) return into.refuse(fault_kind::too_many, too_many(root.size, max_events));
  if (root.size == 0) return into.refuse(fault_kind::invalid, "an array without events");
  std::size_t index = 0;
  for (const node& each : children(root))
    into.take(each, specversion_required, index++, size / root.size);
}

/// What can be judged of the text, when all that is wrong with the text itself was said; null: nothing.
const node* judged(intake& into, const document& source, const node* root, std::optional<std::size_t> index) {
  if (root != nullptr) return root;
  into.refuse_malformed(source.faults(), index);
  return source.readable();
}

void take_document(intake& into, std::string_view body, encoding how, std::size_t max_events) {
  document source;
  const node* root = judged(into, source, source.parse(body, max_events), std::nullopt);
  if (root == nullptr) return;
  const bool is_array = root->what == node::kind::array;
  if (how == encoding::batch && !is_array)
    return into.refuse(fault_kind::invalid, "expected an array of events");
  if (how == encoding::structured && is_array)
    return into.refuse(fault_kind::invalid,
                       "expected one event: arrays go as application/cloudevents-batch+json");
  const bool specversion_required = how != encoding::json;
  if (is_array) return take_array(into, *root, specversion_required, max_events, body.size());
  into.take(*root, specversion_required, std::nullopt, body.size(),
            source.is_compact() ? body : std::string_view{});
}

/// Takes the first line that holds something off the front of `body`; empty when none is left. `number`
/// counts the lines that were taken.
std::string_view next_line(std::string_view& body, std::size_t& number) {
  while (!body.empty()) {
    const auto line = body.substr(0, body.find('\n'));
    ++number;
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return line;
  }
  return {};
}

void take_lines(intake& into, std::string_view body, std::size_t max_events) {
  std::size_t count = 0, number = 0;
  for (auto rest = body; !next_line(rest, number).empty();)
    ++count;
  if (count > max_events) return into.refuse(fault_kind::too_many, too_many(count, max_events));
  if (count == 0) return into.refuse(fault_kind::invalid, "no events");
  number = 0;
  for (std::size_t index = 0; index < count; ++index) {
    document source;
    const auto line = next_line(body, number);
    const auto* parsed = source.parse(line, document::max_elements, document::max_depth, number);
    if (const node* root = judged(into, source, parsed, index))
      into.take(*root, false, index, line.size(), source.is_compact() ? line : std::string_view{});
  }
}

/// The structured form of a binary event, put together by hand: its attributes, then its data.
class composition {
 public:
  explicit composition(document& arena) : arena_(arena), root_(arena.make(node::kind::object)) {}

  void add(node& member, std::string_view name) {
    member.name = name;
    member.plain_name = false;
    member.name_controls = find_controls(name);
    (last_ == nullptr ? root_.first : last_->next) = &member;
    last_ = &member;
    ++root_.size;
  }
  void add_text(std::string_view name, std::string_view text) {
    node& member = arena_.make(node::kind::string);
    member.text = text;
    member.plain_text = false;
    member.text_controls = find_controls(text);
    add(member, name);
  }
  /// What was refused is not missing.
  void add_refused(std::string_view name) {
    node& member = arena_.make(node::kind::null);
    member.refused = true;
    add(member, name);
  }
  [[nodiscard]] const node& root() const noexcept { return root_; }

 private:
  document& arena_;
  node& root_;
  node* last_ = nullptr;
};

void refuse_data(intake& into, const std::vector<fault>& found) {
  for (const fault& each : found) {
    std::string pointer = "/data";
    if (each.index) append_step(pointer, *each.index);
    into.refuse(fault_kind::malformed, {pointer + each.pointer, each.detail, {}});
  }
}

void refuse_attribute(intake& into, std::string_view name, std::string detail) {
  std::string pointer;
  append_step(pointer, name);
  into.refuse(fault_kind::invalid, {std::move(pointer), std::move(detail), {}});
}

void take_attribute(intake& into, composition& composed, std::string_view name, std::string_view value) {
  if (name == "data" || name == "data_base64")
    return refuse_attribute(into, name, "refused: data is the body of the request");
  if (!base::is_valid_utf8(name)) return refuse_attribute(into, "?", "not UTF-8");
  if (find(composed.root(), name) != nullptr) return refuse_attribute(into, name, "duplicate member");
  if (base::is_valid_utf8(value)) return composed.add_text(name, value);
  refuse_attribute(into, name, "not UTF-8");
  composed.add_refused(name);
}

boost::system::result<void, faults> read_body(intake into, std::string_view body, encoding how,
                                              std::size_t max_events) {
  if (how == encoding::ndjson)
    take_lines(into, body, max_events);
  else
    take_document(into, body, how, max_events);
  return into.finish();
}

boost::system::result<void, faults> read_binary(intake into, attribute_list headers, std::string_view data) {
  document source;
  composition composed(source);
  for (const auto& [name, value] : headers)
    take_attribute(into, composed, name, value);
  // The envelope is a level of nesting too, and is one when the event is read back.
  node* body = source.parse(data, document::max_elements, document::max_depth - 1);
  if (body == nullptr) {
    refuse_data(into, source.faults());
    body = source.readable();
  }
  if (body == nullptr) return into.finish();
  composed.add(*body, "data");
  into.take(composed.root(), false, std::nullopt, data.size() + 512);
  return into.finish();
}

/// What the outline is of.
event whole(const event& outline) {
  auto out = read_whole(outline.json).value();
  out.received_at = outline.received_at;
  out.content = outline.content;
  return out;
}

}  // namespace

boost::system::result<void, faults> outline_body(std::string_view body, encoding how, std::size_t max_events,
                                                 base::timestamp received_at, const options& rules,
                                                 const event_sink& take) {
  return read_body(intake(received_at, rules, take), body, how, max_events);
}

boost::system::result<std::vector<event>, faults> parse_body(std::string_view body, encoding how,
                                                             std::size_t max_events,
                                                             base::timestamp received_at,
                                                             const options& rules) {
  std::vector<event> events;
  const event_sink keep = [&events](const event& outline) { events.push_back(whole(outline)); };
  auto read = outline_body(body, how, max_events, received_at, rules, keep);
  if (!read) return std::move(read).error();
  return events;
}

boost::system::result<void, faults> outline_binary(attribute_list headers, std::string_view data,
                                                   base::timestamp received_at, const options& rules,
                                                   const event_sink& take) {
  return read_binary(intake(received_at, rules, take), headers, data);
}

boost::system::result<event, faults> parse_binary(attribute_list headers, std::string_view data,
                                                  base::timestamp received_at, const options& rules) {
  event out;
  const event_sink keep = [&out](const event& outline) { out = whole(outline); };
  auto read = outline_binary(headers, data, received_at, rules, keep);
  if (!read) return std::move(read).error();
  return out;
}

}  // namespace cartrelay::event
