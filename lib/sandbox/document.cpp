#include "sandbox/document.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace cartrelay::sandbox {
namespace {

using boost::json::error_code;
using boost::json::string_view;

/// Receives the parser's events and builds the tree.
class builder {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(value::kind::object); }
  bool on_object_end(std::size_t, error_code& failed) {
    if (const auto name = name_twice_in(open_.back())) {
      duplicate_ = *name;
      failed = boost::json::error::syntax;
      return false;
    }
    return shut();
  }
  bool on_array_begin(error_code&) { return open(value::kind::array); }
  bool on_array_end(std::size_t, error_code&) { return shut(); }

  bool on_key_part(string_view part, std::size_t, error_code&) { return gather(part); }
  bool on_key(string_view part, std::size_t, error_code&) {
    gather(part);
    open_.back().members.push_back({std::exchange(text_, {}), {}});
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return gather(part); }
  bool on_string(string_view part, std::size_t, error_code&) { return leaf(value::kind::string, part); }
  bool on_number_part(string_view part, error_code&) { return gather(part); }
  bool on_int64(std::int64_t, string_view part, error_code&) { return leaf(value::kind::number, part); }
  bool on_uint64(std::uint64_t, string_view part, error_code&) { return leaf(value::kind::number, part); }
  bool on_double(double, string_view part, error_code&) { return leaf(value::kind::number, part); }
  bool on_bool(bool truth, error_code&) {
    value made;
    made.type = value::kind::boolean;
    made.truth = truth;
    return place(std::move(made));
  }
  bool on_null(error_code&) { return place(value{}); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  value root;
  [[nodiscard]] const std::string& duplicate() const noexcept { return duplicate_; }

 private:
  bool gather(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool leaf(value::kind type, string_view part) {
    gather(part);
    value made;
    made.type = type;
    made.text = std::exchange(text_, {});
    return place(std::move(made));
  }
  bool open(value::kind type) {
    value made;
    made.type = type;
    open_.push_back(std::move(made));
    return true;
  }
  bool shut() {
    value made = std::move(open_.back());
    open_.pop_back();
    return place(std::move(made));
  }
  bool place(value made) {
    if (open_.empty()) {
      root = std::move(made);
    } else if (open_.back().is(value::kind::array)) {
      open_.back().elements.push_back(std::move(made));
    } else {
      open_.back().members.back().content = std::move(made);
    }
    return true;
  }

  /// All at once when the object ends: asked name by name, an object of very many would take minutes.
  static std::optional<std::string_view> name_twice_in(const value& object) {
    std::vector<std::string_view> names;
    names.reserve(object.members.size());
    for (const auto& [name, member] : object.members)
      names.push_back(name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    return twice == names.end() ? std::nullopt : std::optional(*twice);
  }

  std::vector<value> open_;
  std::string text_;
  std::string duplicate_;
};

}  // namespace

const value* value::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == name; });
  return found == members.end() ? nullptr : &found->content;
}

std::string_view value::text_of(std::string_view name) const noexcept {
  const value* found = find(name);
  return found != nullptr && found->is(kind::string) ? std::string_view(found->text) : std::string_view();
}

boost::system::result<value, std::string> parse_document(std::string_view text) {
  boost::json::basic_parser<builder> parser{boost::json::parse_options{}};
  error_code failed;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), failed);
  if (!parser.handler().duplicate().empty())
    return "member \"" + parser.handler().duplicate() + "\" stands twice";
  if (failed) return "not valid JSON: " + failed.message() + " near byte " + std::to_string(used);
  if (used < text.size())
    return "not valid JSON: something follows the document at byte " + std::to_string(used);
  return std::move(parser.handler().root);
}

void write(base::json_writer& out, const value& what) {
  switch (what.type) {
    case value::kind::null:
      out.null();
      return;
    case value::kind::boolean:
      out.value(what.truth);
      return;
    case value::kind::number:
      out.raw(what.text);
      return;
    case value::kind::string:
      out.value(what.text);
      return;
    case value::kind::array:
      out.begin_array();
      for (const value& element : what.elements)
        write(out, element);
      out.end_array();
      return;
    case value::kind::object:
      out.begin_object();
      for (const auto& [name, member] : what.members) {
        out.key(name);
        write(out, member);
      }
      out.end_object();
      return;
  }
}

std::string to_json(const value& what) {
  std::string text;
  base::json_writer out(text);
  write(out, what);
  return text;
}

}  // namespace cartrelay::sandbox
