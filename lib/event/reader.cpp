#include "event/reader.hpp"

#include "base/text.hpp"
#include "event/document.hpp"
#include "event/syntax.hpp"

#include <fmt/format.h>

namespace cartrelay::event {
namespace {

constexpr std::array<std::string_view, 6> kind_names{"null",     "a boolean", "a number",
                                                     "a string", "an array",  "an object"};

std::string_view name_of(node::kind what) {
  return kind_names[static_cast<std::size_t>(what)];
}

constexpr std::string_view money_form =
    "expected a decimal such as \"134.95\": 1 to 12 digits before the point without leading zeros, and "
    "1 to 4 after it, no sign, no exponent";

}  // namespace

bool text_rule::is_passed_by(std::string_view text) const noexcept {
  return text.size() > longest && base::utf8_characters(text) > longest;
}

void reader::report(std::string detail) {
  if (!found_.full()) add(pointer(), std::move(detail));
}

void reader::report(std::string_view member, std::string detail) {
  if (found_.full()) return;
  auto where = pointer();
  append_step(where, member);
  add(std::move(where), std::move(detail));
}

void reader::add(std::string pointer, std::string detail) {
  found_.add({std::move(pointer), std::move(detail), index_});
}

std::string reader::pointer() const {
  std::string out;
  for (std::size_t at = 0; at < depth_; ++at) {
    if (path_[at].in_array)
      append_step(out, path_[at].index);
    else
      append_step(out, path_[at].name);
  }
  return out;
}

void reader::unknown(const node& member, std::span<const std::string_view> known, std::string_view remark) {
  if (keeps_unknown()) {
    const step inside(*this, member);
    return check_kept(member);
  }
  if (found_.full()) return;
  std::string detail = "unknown member";
  if (const auto meant = base::nearest(member.name, known))
    detail += fmt::format(", did you mean \"{}\"?", *meant);
  else
    detail += remark;
  report(member.name, std::move(detail));
}

/// Nothing of ours reads it, but it is stored, shown and sent on: its strings must be as clean as the others.
void reader::check_kept(const node& value) {
  if (value.name_controls != controls::none) report("the name holds a control character");
  if (value.text_controls == controls::forbidden) report("holds a control character");
  if (value.what == node::kind::array && !array(value)) return;
  std::size_t index = 0;
  for (const node& child : children(value)) {
    const auto inside = value.what == node::kind::object ? step(*this, child) : step(*this, index++);
    check_kept(child);
  }
}

bool reader::expect(const node& value, node::kind what) {
  if (value.what == what) return true;
  const bool member = depth_ > 0 && !path_[depth_ - 1].in_array;
  if (value.what == node::kind::null)
    report(fmt::format("null is refused: {}",
                       member ? "leave the member out" : fmt::format("expected {}", name_of(what))));
  else
    report(fmt::format("expected {}, got {}", name_of(what), name_of(value.what)));
  return false;
}

std::optional<std::string_view> reader::text(const node& value, const text_rule& rule) {
  if (!expect(value, node::kind::string)) return std::nullopt;
  if (!rule.allows(value.text_controls)) {
    report(value.text_controls == controls::breaks ? "holds a tab or a newline"
                                                   : "holds a control character");
    return std::nullopt;
  }
  if (value.text.size() < rule.shortest) {
    report("is empty");
    return std::nullopt;
  }
  if (rule.is_passed_by(value.text)) {
    report(fmt::format("longer than {} characters", rule.longest));
    return std::nullopt;
  }
  return value.text;
}

std::optional<base::decimal> reader::money(const node& value) {
  if (value.what == node::kind::null && !expect(value, node::kind::string)) return std::nullopt;
  if (value.what != node::kind::number && value.what != node::kind::string) {
    report(fmt::format("expected a decimal as a string or a number, got {}", name_of(value.what)));
    return std::nullopt;
  }
  if (const auto exact = base::decimal::parse(value.text)) return exact;
  report(value.text.starts_with('-') ? std::string("negative money is refused") : std::string(money_form));
  return std::nullopt;
}

std::optional<base::number> reader::positive(const node& value) {
  if (!expect(value, node::kind::number)) return std::nullopt;
  auto exact = base::number::parse(value.text);
  if (exact && exact->is_positive()) return exact;
  report("expected a number greater than 0");
  return std::nullopt;
}

std::optional<bool> reader::boolean(const node& value) {
  if (!expect(value, node::kind::boolean)) return std::nullopt;
  return value.text == "true";
}

std::optional<moment> reader::date_time(const node& value) {
  const auto written = text(value, identifier);
  if (!written) return std::nullopt;
  if (const auto at = base::parse_rfc3339(*written)) return moment{keep(*written), *at};
  report("expected an RFC 3339 date-time with offset, such as 2026-03-15T14:22:00+02:00");
  return std::nullopt;
}

bool reader::array(const node& value) {
  if (!expect(value, node::kind::array)) return false;
  if (value.size <= document::max_elements) return true;
  report(fmt::format("{} elements, at most {} are allowed", value.size, document::max_elements));
  return false;
}

}  // namespace cartrelay::event
