#include "bench/load/shop_events.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace cartrelay::bench {
namespace {

constexpr std::uint64_t visitors_at_a_time = 64;
constexpr std::uint64_t customers = 50'000;
constexpr std::string_view ordinary_visit =
    "product.viewed=2,cart.item_added=2,cart.updated=2,order.created,order.paid";

#define ENVELOPE(type)                                                            \
  R"({"specversion":"1.0","id":"<run>-<event>","source":"shop/bg","type":")" type \
  R"(","time":"2026-03-15T14:22:00Z","data":{)"
#define VISITOR                                                                                                             \
  R"("customer":{"id":"c-<customer>","first_name":"Мария","last_name":"Иванова","language":"bg",)"              \
  R"("email":"maria.<customer>@example.com","phone":"+35988<customer>"},"session":{"id":"128b2f33-0c5c-4fd0-a6a3-<uuid>",)" \
  R"("market":"BG","language":"bg"},"refs":{"rokt":{"session_id":"5d9dc9f8-1818-4811-892f-<uuid>"},)"                       \
  R"("elevate":{"customer_key":"d17f9aca-e01f-4057-8a02-<uuid>","session_key":"59a54a7b-b1fe-408f-9712-<uuid>"}}}})"
#define PULLOVER                                                                                                           \
  R"({"product_id":"P-100","name":"Вълнен пуловер","category":"knitwear","unit_price":"89.95","quantity":2,)" \
  R"("url":"https://shop.example.com/p/P-100","attributes":{"colour":"red","weight_g":250},"variant_id":"P-100-S",)"       \
  R"("refs":{"elevate":{"ticket":"ab8374203bc7a7e7078823be42647dca"}}})"
#define SHOES                                                                                              \
  R"({"product_id":"P-300","name":"Running shoes","category":"shoes","unit_price":"129.90","quantity":1,)" \
  R"("url":"https://shop.example.com/p/P-300","attributes":{"colour":"grün","weight_g":900},"variant_id":"P-300-42"})"
#define CART(items, total)                                                                       \
  R"("cart":{"id":"cart-<run>-<visit>","currency":"EUR","total":")" total R"(","items":[)" items \
  R"(],"recovery_url":"https://shop.example.com/cart/<run>-<visit>?r=1","attributes":{"channel":"web","gift":false}},)"
#define ORDER                                                                                                                         \
  R"("order":{"id":"<run>-<visit>","cart_id":"cart-<run>-<visit>","currency":"EUR","total":"179.90","items":[)" PULLOVER              \
  R"(],"shipping":"4.90","delivery_method":"courier","payment_method":"card","delivery_address":"ул. „Оборище“ 1, 1504)" \
  R"( София","attributes":{"city":"София","points":18},"placed_at":"2026-03-15T14:21:00Z"},)"

struct known_type {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<known_type, 6> known_types{{
    {"product.viewed",
     ENVELOPE(
         "product.viewed") R"("product":{"product_id":"P-100","name":"Вълнен пуловер","category":"knitwear",)"
                           R"("unit_price":"89.95","url":"https://shop.example.com/p/P-100","image_url":"https://img.example.com/p/P-100/front.jpg",)"
                           R"("description":"Топъл пуловер от мериносова вълна, плетен на ръка в Родопите. Пере се на ръка при 30 градуса.",)"
                           R"("attributes":{"colour":"red","weight_g":250},"variant_id":"P-100-S","currency":"EUR","in_stock":true},)" VISITOR},
    {"cart.item_added",
     ENVELOPE("cart.item_added") CART(PULLOVER, "179.90") R"("item":)" PULLOVER "," VISITOR},
    {"cart.updated", ENVELOPE("cart.updated") CART(PULLOVER "," SHOES, "309.80") VISITOR},
    {"order.created", ENVELOPE("order.created") ORDER VISITOR},
    {"order.paid", ENVELOPE("order.paid") ORDER VISITOR},
    {"order.delivered", ENVELOPE("order.delivered") R"("order":{"id":"<run>-<visit>"},)" VISITOR},
}};

#undef ENVELOPE
#undef VISITOR
#undef PULLOVER
#undef SHOES
#undef CART
#undef ORDER

std::string_view text_of(std::string_view type) {
  for (const auto& known : known_types)
    if (known.name == type) return known.text;
  throw std::invalid_argument("no template of events of type \"" + std::string(type) + "\"");
}

}  // namespace

shop_events::shop_events(std::string_view mix, std::string run) : run_(std::move(run)) {
  if (mix.empty()) mix = ordinary_visit;
  while (!mix.empty()) {
    const auto word = mix.substr(0, mix.find(','));
    mix.remove_prefix(std::min(mix.size(), word.size() + 1));
    const auto equals = word.find('=');
    unsigned times = 1;
    if (equals != std::string_view::npos)
      std::from_chars(word.data() + equals + 1, word.data() + word.size(), times);
    steps_.insert(steps_.end(), times, cut(text_of(word.substr(0, equals))));
  }
  if (steps_.empty()) throw std::invalid_argument("the mix holds no event");
}

shop_events::pattern shop_events::cut(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, mark>, 5> marks{{{"<run>", mark::run},
                                                                    {"<event>", mark::event},
                                                                    {"<visit>", mark::visit},
                                                                    {"<customer>", mark::customer},
                                                                    {"<uuid>", mark::uuid}}};
  pattern pieces;
  while (true) {
    const auto open = text.find('<');
    pieces.push_back({std::string(text.substr(0, open)), mark::none});
    if (open == std::string_view::npos) return pieces;
    text.remove_prefix(open);
    for (const auto& [name, meaning] : marks) {
      if (!text.starts_with(name)) continue;
      pieces.back().follows = meaning;
      text.remove_prefix(name.size());
      break;
    }
  }
}

void shop_events::append(std::string& out, std::uint64_t number) const {
  const auto block = visitors_at_a_time * steps_.size();
  const auto step = number / visitors_at_a_time % steps_.size();
  const auto visit = number / block * visitors_at_a_time + number % visitors_at_a_time;
  for (const auto& [text, follows] : steps_[step]) {
    out += text;
    switch (follows) {
      case mark::none:
        break;
      case mark::run:
        out += run_;
        break;
      case mark::event:
        append_digits(out, number, 10);
        break;
      case mark::visit:
        append_digits(out, visit, 10);
        break;
      case mark::customer:  // a prime stride: neighbours in time are no neighbours by number
        append_digits(out, visit * 7919 % customers, 7);
        break;
      case mark::uuid:
        append_digits(out, visit, 12);
        break;
    }
  }
}

std::string shop_events::id(std::uint64_t number) const {
  auto out = run_ + "-";
  append_digits(out, number, 10);
  return out;
}

void append_digits(std::string& out, std::uint64_t number, std::size_t width) {
  const auto begin = out.size();
  out.append(width, '0');
  for (auto at = out.size(); at > begin && number > 0; number /= 10)
    out[--at] = static_cast<char>('0' + number % 10);
}

}  // namespace cartrelay::bench
