#include "admin/selection.hpp"

#include "admin/dead_letter_id.hpp"
#include "event/document.hpp"
#include "http/query_reader.hpp"

#include <fmt/format.h>

#include <array>

namespace cartrelay::admin {
namespace {

using event::node;

constexpr std::array<std::string_view, 4> members{"ids", "destination", "reason", "before"};

std::string pointer_to(std::string_view member) {
  std::string pointer;
  event::append_step(pointer, member);
  return pointer;
}

/// A document takes an array for one of events, and points into the event.
std::string whole_pointer(const event::fault& fault) {
  std::string pointer;
  if (fault.index) event::append_step(pointer, *fault.index);
  return pointer + fault.pointer;
}

class selection_reader {
 public:
  explicit selection_reader(const ingest::destination_names& names) : names_(names) {}

  selection read(std::string_view body) {
    event::document parsed;
    const auto* root = parsed.parse(body);
    if (root == nullptr)
      for (const auto& fault : parsed.faults())
        fail(whole_pointer(fault), fault.detail);
    else if (root->what != node::kind::object)
      fail("", "expected an object");
    else
      read_object(*root);
    for (auto& fault : std::move(found_).take())
      out_.faults.push_back({std::move(fault.pointer), std::move(fault.detail), {}});
    return std::move(out_);
  }

 private:
  void fail(std::string pointer, std::string words) {
    found_.add({std::move(pointer), std::move(words), {}});
  }

  void read_object(const node& root) {
    for (const auto& member : event::children(root)) {
      if (member.name == "ids")
        read_ids(member);
      else if (member.name == "destination")
        read_destination(member);
      else if (member.name == "reason")
        out_.which.matching.reason = text(member);
      else if (member.name == "before")
        read_before(member);
      else if (!found_.full())
        fail(pointer_to(member.name), http::unknown_word(member.name, members));
    }
    const bool by_id = event::find(root, "ids") != nullptr;
    const bool by_destination = event::find(root, "destination") != nullptr;
    if (!by_id && !by_destination)
      fail("/destination", "required, unless ids say which dead letters are meant");
    if (by_id && root.size != 1) fail("/ids", "stands alone: ids, or destination with reason and before");
  }

  std::optional<std::string> text(const node& member) {
    if (member.what == node::kind::string && !member.text.empty()) return std::string(member.text);
    fail(pointer_to(member.name), "expected a string that is not empty");
    return std::nullopt;
  }

  void read_ids(const node& ids) {
    if (ids.what != node::kind::array || ids.size == 0)
      return fail("/ids", "expected an array of at least one id");
    if (ids.size > event::document::max_elements)
      return fail("/ids", fmt::format("at most {} ids at once", event::document::max_elements));
    std::size_t at = 0;
    for (const auto& each : event::children(ids)) {
      std::optional<queue::dead_letter_key> key;
      if (each.what == node::kind::string) key = parse_dead_letter_id(each.text, names_);
      if (key)
        out_.which.keys.push_back(*key);
      else
        fail(fmt::format("/ids/{}", at), "expected an id as the list shows it, such as \"releva-1042\"");
      ++at;
    }
  }

  void read_destination(const node& member) {
    const auto name = text(member);
    if (!name) return;
    out_.which.matching.destination = id_of(names_, *name);
    if (!out_.which.matching.destination) fail("/destination", unknown_name(names_, *name));
  }

  void read_before(const node& member) {
    const auto written = text(member);
    if (!written) return;
    out_.which.matching.before = base::parse_rfc3339(*written);
    if (!out_.which.matching.before)
      fail("/before", "expected a date and time with offset, such as 2026-11-21T10:00:00Z");
  }

  const ingest::destination_names& names_;
  event::fault_list found_;
  selection out_;
};

}  // namespace

selection parse_selection(std::string_view body, const ingest::destination_names& names) {
  return selection_reader(names).read(body);
}

}  // namespace cartrelay::admin
