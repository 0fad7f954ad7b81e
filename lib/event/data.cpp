#include "event/data.hpp"

#include "event/items.hpp"
#include "event/members.hpp"
#include "event/syntax.hpp"

#include <fmt/format.h>

namespace cartrelay::event {
namespace {

constexpr std::string_view phone_form = "+ and 7 to 15 digits (E.164), such as +359888123456";

// ---- customer, session, page, category

constexpr std::array customer_members{
    member<customer>{"id", read_text<&customer::id, identifier>},
    member<customer>{"email", read_text<&customer::email, identifier>},
    member<customer>{"phone", read_formed<&customer::phone, syntax::is_phone, phone_form>},
    member<customer>{"first_name", read_text<&customer::first_name, short_text>},
    member<customer>{"last_name", read_text<&customer::last_name, short_text>},
    member<customer>{"language", read_formed<&customer::language, syntax::is_language, language_form>},
};
constexpr std::array<std::string_view, 3> identities{"id", "email", "phone"};

constexpr std::array session_members{
    member<session>{"id", read_text<&session::id, identifier>},
    member<session>{"market", read_text<&session::market, identifier>},
    member<session>{"language", read_formed<&session::language, syntax::is_language, language_form>},
};

constexpr std::array page_members{
    member<page>{"url", read_text<&page::url, location>},
};
constexpr std::array<std::string_view, 1> page_required{"url"};

constexpr std::array category_members{
    member<category>{"id", read_text<&category::id, identifier>},
    member<category>{"name", read_text<&category::name, short_text>},
    member<category>{"url", read_text<&category::url, long_line>},
};
constexpr std::array<std::string_view, 1> category_required{"id"};

// ---- cart

void read_cart_items(reader& in, const node& value, cart& into) {
  into.items = read_items(in, value, item_place::cart);
}

constexpr std::array cart_members{
    member<cart>{"id", read_text<&cart::id, identifier>},
    member<cart>{"currency", read_formed<&cart::currency, syntax::is_currency, currency_form>},
    member<cart>{"total", read_money<&cart::total>},
    member<cart>{"items", read_cart_items},
    member<cart>{"recovery_url", read_text<&cart::recovery_url, long_line>},
    member<cart>{"recovery_token", read_text<&cart::recovery_token, long_line>},
    member<cart>{"created_at", read_moment<&cart::created_at>},
    member<cart>{"updated_at", read_moment<&cart::updated_at>},
    member<cart>{"attributes", [](reader& in, const node& value,
                                  cart& into) { into.attributes = read_attributes(in, value); }},
    member<cart>{"refs", [](reader& in, const node& value, cart& into) { into.refs = read_refs(in, value); }},
};
constexpr std::array<std::string_view, 2> cart_required{"id", "items"};

// ---- order

void read_order_items(reader& in, const node& value, order& into) {
  into.items = read_items(in, value, item_place::order);
}

constexpr std::array order_members{
    member<order>{"id", read_text<&order::id, identifier>},
    member<order>{"currency", read_formed<&order::currency, syntax::is_currency, currency_form>},
    member<order>{"total", read_money<&order::total>},
    member<order>{"items", read_order_items},
    member<order>{"cart_id", read_text<&order::cart_id, identifier>},
    member<order>{"status", read_text<&order::status, short_text>},
    member<order>{"placed_at", read_moment<&order::placed_at>},
    member<order>{"shipping", read_money<&order::shipping>},
    member<order>{"discount", read_money<&order::discount>},
    member<order>{"taxes", read_money<&order::taxes>},
    member<order>{"delivery_method", read_text<&order::delivery_method, short_text>},
    member<order>{"payment_method", read_text<&order::payment_method, short_text>},
    member<order>{"delivery_address", read_text<&order::delivery_address, long_text>},
    member<order>{"restore_url", read_text<&order::restore_url, long_line>},
    member<order>{"attributes", [](reader& in, const node& value,
                                   order& into) { into.attributes = read_attributes(in, value); }},
    member<order>{"refs",
                  [](reader& in, const node& value, order& into) { into.refs = read_refs(in, value); }},
};
constexpr std::array<std::string_view, 4> order_required{"id", "currency", "total", "items"};

// ---- data

void read_customer(reader& in, const node& value, payload& into) {
  const bool is_object = read_members<customer>(in, value, into.customer.emplace(), customer_members, {});
  const auto has = [&](std::string_view name) { return find(value, name) != nullptr; };
  if (is_object && std::none_of(identities.begin(), identities.end(), has))
    in.report("at least one of id, email and phone is required");
}

void read_session(reader& in, const node& value, payload& into) {
  read_members<session>(in, value, into.session.emplace(), session_members, {});
}

void read_data_refs(reader& in, const node& value, payload& into) {
  into.refs = read_refs(in, value);
}

void read_page(reader& in, const node& value, payload& into) {
  read_members<page>(in, value, into.page.emplace(), page_members, page_required);
}

void read_category(reader& in, const node& value, payload& into) {
  read_members<category>(in, value, into.category.emplace(), category_members, category_required);
}

void read_product(reader& in, const node& value, payload& into) {
  into.product = read_item(in, value, item_place::product);
}

void read_data_item(reader& in, const node& value, payload& into) {
  into.item = read_item(in, value, item_place::cart);
}

template <std::size_t Required>
void read_cart(reader& in, const node& value, payload& into) {
  read_members<cart>(in, value, into.cart.emplace(), cart_members, names(cart_required).first(Required));
}

template <std::size_t Required>
void read_order(reader& in, const node& value, payload& into) {
  read_members<order>(in, value, into.order.emplace(), order_members, names(order_required).first(Required));
}

// ---- the catalogue

constexpr member<payload> customer_row{"customer", read_customer};
constexpr member<payload> session_row{"session", read_session};
constexpr member<payload> refs_row{"refs", read_data_refs};
constexpr member<payload> order_row{"order", read_order<order_required.size()>};
constexpr member<payload> order_id_row{"order", read_order<1>};
constexpr member<payload> cart_row{"cart", read_cart<1>};
constexpr member<payload> snapshot_row{"cart", read_cart<cart_required.size()>};
constexpr member<payload> item_row{"item", read_data_item};
constexpr member<payload> page_row{"page", read_page};
constexpr member<payload> category_row{"category", read_category};
constexpr member<payload> product_row{"product", read_product};

// What a type must hold comes first, what may stand beside it last.
constexpr std::array page_viewed{page_row, customer_row, session_row, refs_row};
constexpr std::array category_viewed{category_row, customer_row, session_row, refs_row};
constexpr std::array product_viewed{product_row, customer_row, session_row, refs_row};
constexpr std::array cart_item{cart_row, item_row, customer_row, session_row, refs_row};
constexpr std::array cart_updated{snapshot_row, customer_row, session_row, refs_row};
constexpr std::array cart_deleted{cart_row, customer_row, session_row, refs_row};
constexpr std::array order_placed{order_row, customer_row, session_row, refs_row};
constexpr std::array order_moved{order_id_row, customer_row, session_row, refs_row};
constexpr std::array anything{page_row,     category_row, product_row, cart_row, item_row,
                              order_id_row, customer_row, session_row, refs_row};
constexpr std::size_t optional_rows = 3;

members<payload> members_of(event_type type) {
  switch (type) {
    case event_type::page_viewed:
      return page_viewed;
    case event_type::category_viewed:
      return category_viewed;
    case event_type::product_viewed:
      return product_viewed;
    case event_type::cart_item_added:
    case event_type::cart_item_removed:
      return cart_item;
    case event_type::cart_updated:
      return cart_updated;
    case event_type::cart_deleted:
      return cart_deleted;
    case event_type::order_created:
    case event_type::order_updated:
    case event_type::order_paid:
      return order_placed;
    case event_type::order_delivered:
    case event_type::order_cancelled:
      return order_moved;
  }
  return anything;
}

}  // namespace

void read_data(reader& in, const node& value, std::optional<event_type> type, payload& into) {
  if (!type) {
    read_members<payload>(in, value, into, anything, {});
    return;
  }
  const auto table = members_of(*type);
  const auto unknown = [&](const node& child) {
    const auto known = names_of(table);
    in.unknown(child, known, fmt::format(": {} takes {}", to_string(*type), fmt::join(known, ", ")));
  };
  std::array<std::string_view, anything.size()> needed;
  std::transform(table.begin(), table.end(), needed.begin(), [](const auto& row) { return row.name; });
  read_members<payload>(in, value, into, table, names(needed).first(table.size() - optional_rows), unknown);
}

}  // namespace cartrelay::event
