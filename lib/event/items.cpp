#include "event/items.hpp"

#include "base/text.hpp"
#include "event/members.hpp"
#include "event/syntax.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::event {
namespace {

void read_quantity(reader& in, const node& value, item& into) {
  if (auto read = in.positive(value)) into.quantity = std::move(*read);
}

void read_in_stock(reader& in, const node& value, item& into) {
  into.in_stock = in.boolean(value);
}

void read_item_attributes(reader& in, const node& value, item& into) {
  into.attributes = read_attributes(in, value);
}

void read_item_refs(reader& in, const node& value, item& into) {
  into.refs = read_refs(in, value);
}

constexpr std::array item_members{
    member<item>{"quantity", read_quantity},  // first: the others are a product's
    member<item>{"product_id", read_text<&item::product_id, identifier>},
    member<item>{"variant_id", read_text<&item::variant_id, identifier>},
    member<item>{"name", read_text<&item::name, short_text>},
    member<item>{"category", read_text<&item::category, short_text>},
    member<item>{"unit_price", read_money<&item::unit_price>},
    member<item>{"currency", read_formed<&item::currency, syntax::is_currency, currency_form>},
    member<item>{"discount", read_money<&item::discount>},
    member<item>{"url", read_text<&item::url, long_line>},
    member<item>{"image_url", read_text<&item::image_url, long_line>},
    member<item>{"description", read_text<&item::description, long_text>},
    member<item>{"in_stock", read_in_stock},
    member<item>{"attributes", read_item_attributes},
    member<item>{"refs", read_item_refs},
};

constexpr std::array<std::string_view, 2> required{"product_id", "unit_price"};

std::optional<std::string_view> read_string(reader& in, const node& value) {
  const auto read = in.text(value, long_text);
  return read ? std::optional(in.keep(*read)) : std::nullopt;
}

std::optional<base::number> read_number(reader& in, const node& value) {
  return in.expect(value, node::kind::number) ? base::number::parse(value.text) : std::nullopt;
}

/// The elements of an array of one kind, strings or numbers.
template <class Element>
attribute_value read_list(reader& in, const node& value,
                          std::optional<Element> (*read)(reader&, const node&)) {
  std::vector<Element> list;
  if (!in.outlines()) list.reserve(value.size);
  std::size_t index = 0;
  for (const node& element : children(value)) {
    const reader::step inside(in, index++);
    auto each = read(in, element);
    if (each && !in.outlines()) list.push_back(std::move(*each));
  }
  return list;
}

std::optional<attribute_value> read_attribute(reader& in, const node& value) {
  switch (value.what) {
    case node::kind::null:
    case node::kind::boolean:
    case node::kind::number:
    case node::kind::string:
      return read_scalar(in, value, long_text);
    case node::kind::array:
      if (!in.array(value)) return std::nullopt;
      // The first element decides of which kind all have to be.
      if (value.first != nullptr && value.first->what == node::kind::number)
        return read_list<base::number>(in, value, read_number);
      return read_list<std::string_view>(in, value, read_string);
    case node::kind::object:
      break;
  }
  in.report("expected a string, a number, a boolean, or an array of strings or of numbers");
  return std::nullopt;
}

/// Names that shops and vendors choose.
bool check_name(reader& in, const node& member) {
  if (!member.name.empty() && member.name_controls == controls::none &&
      base::utf8_characters(member.name) <= identifier.longest)
    return true;
  in.report("a name has 1 to 255 characters and no control character");
  return false;
}

/// What becomes of a vendor or a member of `refs`.
enum class standing { checked, kept, refused };

/// A name that is not listed is refused, or kept if the rules say so; where nothing is listed any may stand.
template <class List, class NameOf>
standing standing_of(reader& in, const node& member, const List& known, NameOf name_of) {
  for (const auto& each : known)
    if (name_of(each) == member.name) return standing::checked;
  if (known.empty() && !in.keeps_unknown()) return standing::checked;
  std::vector<std::string_view> names;
  names.reserve(known.size());
  for (const auto& each : known)
    names.push_back(name_of(each));
  in.unknown(member, names);
  return in.keeps_unknown() ? standing::kept : standing::refused;
}

std::size_t count_refs(const node& vendors) {
  std::size_t count = 0;
  for (const node& each : children(vendors))
    count += std::max<std::size_t>(each.size, 1);
  return count;
}

/// It may matter that a vendor is named, even with nothing.
void keep_bare_vendor(const reader& in, std::string_view vendor, const node& value, refs& into) {
  if (value.size == 0 && !in.outlines()) into.push_back({vendor, {}, {}});
}

/// What is stored is read back without the lists: a ref that was checked has to be found among what is kept.
void keep_ref(reader& in, std::string_view vendor, const node& member, refs& into) {
  const bool has_form = member.what == node::kind::string && member.text_controls == controls::none &&
                        base::utf8_characters(member.text) <= long_line.longest;
  if (has_form && !in.outlines()) into.push_back({vendor, in.keep(member.name), in.keep(member.text)});
}

void keep_vendor_refs(reader& in, const node& value, refs& into) {
  if (value.what != node::kind::object) return;
  const auto vendor = in.keep(value.name);
  keep_bare_vendor(in, vendor, value, into);
  for (const node& each : children(value))
    keep_ref(in, vendor, each, into);
}

void read_vendor_refs(reader& in, const node& value, const std::vector<std::string>& known, refs& into) {
  if (!in.expect(value, node::kind::object)) return;
  const auto vendor = in.keep(value.name);
  keep_bare_vendor(in, vendor, value, into);
  for (const node& each : children(value)) {
    const auto what =
        standing_of(in, each, known, [](const std::string& name) -> std::string_view { return name; });
    if (what == standing::kept) keep_ref(in, vendor, each, into);
    if (what != standing::checked) continue;
    const reader::step inside(in, each);
    if (!check_name(in, each)) continue;
    const auto read = in.text(each, long_line);
    if (read && !in.outlines()) into.push_back({vendor, in.keep(each.name), in.keep(*read)});
  }
}

item one_piece() {
  static const auto one = base::number::parse("1").value();
  item out;
  out.quantity = one;
  return out;
}

void read_into(reader& in, const node& value, item_place where, item& out) {
  const members<item> table = item_members;
  read_members<item>(in, value, out, where == item_place::product ? table.subspan(1) : table,
                     names(required).first(where == item_place::order ? 2 : 1));
}

}  // namespace

std::optional<item> read_item(reader& in, const node& value, item_place where) {
  auto out = one_piece();
  read_into(in, value, where, out);
  if (in.outlines()) return std::nullopt;
  return out;
}

std::vector<item> read_items(reader& in, const node& value, item_place where) {
  std::vector<item> out;
  if (!in.array(value)) return out;
  if (!in.outlines()) out.reserve(value.size);
  item not_kept;
  std::size_t index = 0;
  for (const node& element : children(value)) {
    const reader::step inside(in, index++);
    read_into(in, element, where, in.outlines() ? not_kept : out.emplace_back(one_piece()));
  }
  return out;
}

std::optional<attribute_value> read_scalar(reader& in, const node& value, const text_rule& rule) {
  if (value.what == node::kind::boolean) return attribute_value(value.text == "true");
  if (value.what == node::kind::number) return read_number(in, value);
  const auto read = in.text(value, rule);
  return read ? std::optional<attribute_value>(in.keep(*read)) : std::nullopt;
}

attributes read_attributes(reader& in, const node& value) {
  attributes out;
  if (!in.expect(value, node::kind::object)) return out;
  if (!in.outlines()) out.reserve(value.size);
  for (const node& each : children(value)) {
    const reader::step inside(in, each);
    if (!check_name(in, each)) continue;
    auto read = read_attribute(in, each);
    if (read && !in.outlines()) out.emplace_back(in.keep(each.name), std::move(*read));
  }
  return out;
}

refs read_refs(reader& in, const node& value) {
  static const std::vector<std::string> anything;
  refs out;
  if (!in.expect(value, node::kind::object)) return out;
  const auto& vendors = in.rules().refs;
  const auto vendor_of = [](const auto& row) -> std::string_view { return row.first; };
  if (!in.outlines()) out.reserve(count_refs(value));
  for (const node& each : children(value)) {
    const auto what = standing_of(in, each, vendors, vendor_of);
    if (what == standing::kept) keep_vendor_refs(in, each, out);
    if (what != standing::checked) continue;
    const reader::step inside(in, each);
    if (!check_name(in, each)) continue;
    const auto row = vendors.find(std::string(each.name));
    read_vendor_refs(in, each, row == vendors.end() ? anything : row->second, out);
  }
  return out;
}

}  // namespace cartrelay::event
