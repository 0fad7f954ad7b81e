#include "event/document.hpp"

#include "base/number.hpp"
#include "base/text.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>

namespace cartrelay::event {

namespace {

/// How deep the text is read, though not kept: the parser calls itself for each level.
constexpr std::size_t deepest_read = 256;

std::string_view out_of_range(std::string_view number) {
  const auto exponent = number.find_first_of("eE");
  const bool tiny = exponent != std::string_view::npos && number.substr(exponent + 1).starts_with('-');
  return tiny ? "a number too close to zero: a double takes it for zero" : "not a finite number";
}

}  // namespace

/// What boost::json::basic_parser calls: one call per token, in document order.
struct document::builder {
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  using error_code = boost::json::error_code;
  using chars = boost::json::string_view;

  builder(document& owner, std::string_view text, std::size_t max_root_elements, std::size_t depth)
      : owner_(owner),
        input_(text),
        max_root_elements_(max_root_elements),
        depth_limit_(depth),
        clean_(text.find('\x7f') == std::string_view::npos && text.find('\xc2') == std::string_view::npos) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(node::kind::object); }
  bool on_object_end(std::size_t, error_code&) {
    if (beyond_ == 0) refuse_duplicates(*open_[depth_].container);
    return close();
  }
  bool on_array_begin(error_code&) { return open(node::kind::array); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_key_part(chars part, std::size_t, error_code&) { return collect(part); }
  bool on_key(chars part, std::size_t, error_code&) {
    name_ = take(part);
    return true;
  }
  bool on_string_part(chars part, std::size_t, error_code&) { return collect(part); }
  bool on_string(chars part, std::size_t, error_code&) {
    add(node::kind::string, take(part));
    return true;
  }
  bool on_number_part(chars part, error_code&) { return collect(part); }
  bool on_int64(std::int64_t, chars part, error_code&) { return on_number(part); }
  bool on_uint64(std::uint64_t, chars part, error_code&) { return on_number(part); }
  bool on_double(double, chars part, error_code&) { return on_number(part); }
  bool on_bool(bool truth, error_code&) { return add(node::kind::boolean, {truth ? "true" : "false"}); }
  bool on_null(error_code&) { return add(node::kind::null, {}); }
  bool on_comment_part(chars, error_code&) { return true; }
  bool on_comment(chars, error_code&) { return true; }

  /// A fault at the innermost open container or, with `name`, at a member of it.
  void report(std::string detail, const std::string_view* name = nullptr) {
    if (owner_.faults_.full()) return;
    fault found;
    found.detail = std::move(detail);
    for (std::size_t level = 1; level <= depth_; ++level) {
      const node& outer = *open_[level].container;
      const bool last = level == depth_;
      if (last && name == nullptr) break;
      step(found, level, outer, last ? *name : open_[level + 1].container->name);
    }
    owner_.faults_.add(std::move(found));
  }

  /// A fault of the value that could not be read to its end.
  void report_pending(std::string detail) {
    const bool named = depth_ > 0 && open_[depth_].container->what == node::kind::object;
    report(std::move(detail), named ? &name_.text : nullptr);
  }

  [[nodiscard]] node* root() const noexcept { return root_; }

  /// Nothing was escaped, and the tokens with the least between them are as long as the text: so there is
  /// nothing else in it.
  [[nodiscard]] bool is_compact() const noexcept { return plain_ && compact_size_ == input_.size(); }

 private:
  struct frame {
    node* container = nullptr;
    node* last = nullptr;
    bool dropped = false;  // beyond the limit of an array further out: counted there, not kept
  };
  struct string {
    std::string_view text;
    bool plain = true;  // written without escapes
    controls holds = controls::none;
  };

  static void step(fault& found, std::size_t level, const node& outer, std::string_view name) {
    if (outer.what == node::kind::object)
      append_step(found.pointer, name);
    else if (level == 1)
      found.index = outer.size - 1;
    else
      append_step(found.pointer, std::size_t{outer.size - 1});
  }

  bool on_number(chars part) {
    auto taken = take(part);
    std::string detail;
    if (taken.text.size() > base::number::max_length)
      detail = fmt::format("a number of more than {} characters", base::number::max_length);
    else if (!base::number::parse(taken.text))
      detail = out_of_range(taken.text);
    if (!detail.empty()) taken.text = "1";
    add(node::kind::number, taken);
    if (!detail.empty() && beyond_ == 0) report(std::move(detail), &last_name_);
    return true;
  }

  /// An array around events is no level of theirs.
  [[nodiscard]] std::size_t deepest() const noexcept {
    const bool several = root_ != nullptr && root_->what == node::kind::array;
    return depth_limit_ + (several ? 1 : 0);
  }

  bool open(node::kind what) {
    const bool too_deep = depth_ == deepest();
    if (too_deep && beyond_ == 0) report(fmt::format("nested deeper than {} levels", depth_limit_));
    add(what, {});
    if (too_deep) {
      ++beyond_;
      return true;
    }
    ++depth_;
    open_[depth_] = frame{added_, nullptr, added_dropped_};
    return true;
  }

  bool close() {
    --(beyond_ > 0 ? beyond_ : depth_);
    return true;
  }

  /// How much of compact JSON a value is: its text, quotes or brackets, its name, and the comma before it.
  void measure(node::kind what, const string& value) {
    const bool unmarked = what == node::kind::number || what == node::kind::boolean;
    compact_size_ += value.text.size() + (unmarked ? 0 : what == node::kind::null ? 4 : 2);
    plain_ = plain_ && value.plain && name_.plain;
    if (depth_ == 0) return;
    const node& outer = *open_[depth_].container;
    if (outer.what == node::kind::object) compact_size_ += name_.text.size() + 3;
    if (outer.size > 0) ++compact_size_;
  }

  bool add(node::kind what, const string& value) {
    if (beyond_ > 0) {
      name_ = {};
      return true;
    }
    measure(what, value);
    const bool kept = depth_ == 0 || count(open_[depth_]);
    node& made = kept ? owner_.make(what) : passed_over(what);
    made.text = value.text;
    made.plain_text = value.plain;
    made.text_controls = value.holds;
    made.name = name_.text;
    made.plain_name = name_.plain;
    made.name_controls = name_.holds;
    name_ = {};
    added_ = &made;
    last_name_ = made.name;
    added_dropped_ = !kept;
    if (depth_ == 0)
      root_ = &made;
    else if (kept)
      link(open_[depth_], made);
    return true;
  }

  /// One more in there; false: beyond what is kept.
  bool count(frame& into) const {
    const auto limit = depth_ == 1 ? max_root_elements_ : max_elements;
    const bool beyond = into.container->what == node::kind::array && into.container->size >= limit;
    ++into.container->size;
    return !beyond && !into.dropped;
  }

  static void link(frame& into, node& made) {
    (into.last == nullptr ? into.container->first : into.last->next) = &made;
    into.last = &made;
  }

  /// What is beyond a limit is only counted: one node for each level is enough for that.
  node& passed_over(node::kind what) {
    auto*& spare = spare_[depth_];
    if (spare == nullptr) spare = &owner_.make(what);
    *spare = node();
    spare->what = what;
    return *spare;
  }

  bool collect(chars part) {
    pieces_.append(part.data(), part.size());
    return true;
  }

  /// The pieces so far and the last one. In one piece and inside the input means: it was written without
  /// escapes.
  string take(chars last) {
    const std::less_equal<const char*> before;
    const bool in_place = before(input_.data(), last.data()) &&
                          before(last.data() + last.size(), input_.data() + input_.size());
    if (pieces_.empty() && in_place) {
      const std::string_view text(last.data(), last.size());
      return {text, true, clean_ ? controls::none : find_controls(text)};
    }
    collect(last);
    auto* copy = static_cast<char*>(owner_.arena_.allocate(pieces_.size() + 1, 1));
    std::memcpy(copy, pieces_.data(), pieces_.size());
    const std::string_view text(copy, pieces_.size());
    owner_.elsewhere_ += text.size();
    pieces_.clear();
    return {text, false, find_controls(text)};
  }

  void refuse_duplicates(const node& object) {
    if (open_[depth_].dropped || object.size < 2) return;
    if (object.size > few) return refuse_duplicates_of_many(object);
    std::uint64_t seen = 0;  // one bit per first letter and length: most names need no comparison
    for (const node& member : children(object)) {
      const auto letter = member.name.empty() ? 0u : static_cast<unsigned char>(member.name.front());
      const auto bit = std::uint64_t{1} << ((letter + 7 * member.name.size()) % 64);
      if ((seen & bit) != 0)
        for (const node* other = object.first; other != &member; other = other->next)
          if (other->name == member.name) {
            report("duplicate member", &member.name);
            break;
          }
      seen |= bit;
    }
  }

  void refuse_duplicates_of_many(const node& object) {
    std::vector<std::string_view> names;
    names.reserve(object.size);
    for (const node& member : children(object))
      names.push_back(member.name);
    std::sort(names.begin(), names.end());
    for (auto at = names.begin(); (at = std::adjacent_find(at, names.end())) != names.end();) {
      report("duplicate member", &*at);
      at = std::upper_bound(at, names.end(), *at);
    }
  }

  static constexpr std::size_t few = 32;

  document& owner_;
  std::string_view input_;
  std::size_t max_root_elements_, depth_limit_;
  bool clean_;  // no control character stands unescaped in the input: the parser refuses all but DEL and
                // U+0080…
  std::array<frame, max_depth + 2> open_{};
  std::array<node*, max_depth + 2> spare_{};
  std::size_t compact_size_ = 0;
  bool plain_ = true;
  std::size_t depth_ = 0;   // open_[1 … depth_] are in use
  std::size_t beyond_ = 0;  // so many containers more are open, nested too deep: passed over
  node* root_ = nullptr;
  node* added_ = nullptr;
  bool added_dropped_ = false;
  string name_;
  std::string_view last_name_;
  std::string pieces_;
};

namespace {

/// Where parsing stopped, for a person with an editor.
std::string place(std::string_view text, std::size_t at, std::size_t first_line) {
  const auto before = text.substr(0, at);
  const auto line = first_line + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("line {}, byte {}", line, before.size() - line_start + 1);
}

std::string explain(std::string_view text, std::size_t at, std::size_t first_line,
                    const boost::json::error_code& why) {
  if (text.starts_with("\xef\xbb\xbf")) return "begins with a byte order mark: send UTF-8 without one";
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "no JSON value";
  if (const auto good = base::valid_utf8_prefix(text).size(); good < text.size())
    return fmt::format("not UTF-8 ({})", place(text, good, first_line));
  return fmt::format("not JSON: {} ({})", why.message(), place(text, at, first_line));
}

}  // namespace

node& document::make(node::kind what) {
  auto* made = new (arena_.allocate(sizeof(node), alignof(node))) node;
  made->what = what;
  return *made;
}

node* document::parse(std::string_view text, std::size_t max_root_elements, std::size_t depth,
                      std::size_t first_line) {
  boost::json::parse_options strict;
  strict.max_depth = deepest_read;
  boost::json::basic_parser<builder> parser(strict, *this, text, max_root_elements,
                                            std::min(depth, max_depth));
  boost::json::error_code why;
  auto at = parser.write_some(false, text.data(), text.size(), why);
  if (!why && at < text.size()) why = boost::json::error::extra_data;
  if (!why) readable_ = parser.handler().root();
  if (why == boost::json::error::exponent_overflow)
    parser.handler().report_pending("not a finite number");
  else if (why && why != boost::json::error::too_deep)
    faults_.add({{}, explain(text, at, first_line, why), {}});
  compact_ = faults_.empty() && parser.handler().is_compact();
  return faults_.empty() ? parser.handler().root() : nullptr;
}

}  // namespace cartrelay::event
