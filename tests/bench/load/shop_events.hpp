#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::bench {

/// Valid events of about 1 KB, as a busy shop posts them: 64 visitors at a time look at products, fill carts
/// and order. The same number always gives the same event; another number gives another id. Events of a visit
/// stand 64 numbers apart.
class shop_events {
 public:
  /// `mix` is a visit, step by step: `product.viewed,cart.updated=2,order.paid`; empty: an ordinary one of
  /// eight steps. `run` begins each event's id and the ids of its cart and order. Throws
  /// std::invalid_argument for a type there is no template of.
  shop_events(std::string_view mix, std::string run);

  /// The JSON of event `number`, behind `out`.
  void append(std::string& out, std::uint64_t number) const;
  [[nodiscard]] std::string id(std::uint64_t number) const;

 private:
  enum class mark { none, run, event, visit, customer, uuid };
  struct piece {
    std::string text;
    mark follows = mark::none;
  };
  using pattern = std::vector<piece>;

  [[nodiscard]] static pattern cut(std::string_view text);

  std::string run_;
  std::vector<pattern> steps_;
};

/// Decimal digits, with zeros before them: always `width`.
void append_digits(std::string& out, std::uint64_t number, std::size_t width);

}  // namespace cartrelay::bench
