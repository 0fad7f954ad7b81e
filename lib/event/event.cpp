#include "event/event.hpp"

namespace cartrelay::event {
namespace {

std::size_t size_of(const attributes& all) noexcept {
  auto size = all.capacity() * sizeof(attributes::value_type);
  for (const auto& [name, value] : all) {
    if (const auto* texts = std::get_if<std::vector<std::string_view>>(&value))
      size += texts->capacity() * sizeof(std::string_view);
    if (const auto* numbers = std::get_if<std::vector<base::number>>(&value))
      size += numbers->capacity() * sizeof(base::number);
  }
  return size;
}

/// Of a part with attributes and refs: what it points to.
template <class Part>
std::size_t size_of_lists(const Part& part) noexcept {
  return size_of(part.attributes) + part.refs.capacity() * sizeof(ref);
}

std::size_t size_of(const boxed<item>& one) noexcept {
  return one ? sizeof(item) + size_of_lists(*one) : 0;
}

/// Carts and orders alike.
template <class Basket>
std::size_t size_of(const boxed<Basket>& basket) noexcept {
  if (!basket) return 0;
  auto size = sizeof(Basket) + size_of_lists(*basket);
  if (!basket->items) return size;
  size += basket->items->capacity() * sizeof(item);
  for (const auto& each : *basket->items)
    size += size_of_lists(each);
  return size;
}

}  // namespace

text find_ref(const refs& from, std::string_view vendor, std::string_view member) noexcept {
  for (const auto& each : from)
    if (each.vendor == vendor && each.member == member) return each.value;
  return std::nullopt;
}

text event::ref(std::string_view vendor, std::string_view member) const noexcept {
  if (const auto found = find_ref(data.refs, vendor, member)) return found;
  if (data.order)
    if (const auto found = find_ref(data.order->refs, vendor, member)) return found;
  if (data.cart) return find_ref(data.cart->refs, vendor, member);
  return std::nullopt;
}

std::size_t footprint(const event& of) noexcept {
  // What is spelled with escapes stands in the storage a second time, and is not longer than its spelling.
  const bool escapes = of.json.find('\\') != std::string_view::npos;
  return sizeof(event) + (escapes ? 2 : 1) * of.json.size() + size_of(of.extensions) + size_of(of.data.cart) +
         size_of(of.data.order) + size_of(of.data.item) + size_of(of.data.product) +
         of.data.refs.capacity() * sizeof(ref);
}

}  // namespace cartrelay::event
