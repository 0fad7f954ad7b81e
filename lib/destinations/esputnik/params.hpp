#pragma once

#include "base/json_writer.hpp"
#include "event/types.hpp"

#include <boost/container/small_vector.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::destinations::esputnik {

/// An event's parameters: names and values, the values all strings. The vendor looks names up without regard
/// to letter case, so a name is taken once: what comes later under the same name is dropped. Names outlive
/// it, and so do values that are given as views.
class params {
 public:
  params() { list_.reserve(24); }

  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, std::string value);
  void add(std::string_view name, event::text value);
  void add(std::string_view name, const event::money& value);
  /// A shop's own attribute; a list travels as JSON text, like every structure.
  void add(std::string_view name, const event::attribute_value& value);

  [[nodiscard]] event::text find(std::string_view name) const;
  /// `[{"name":…,"value":…},…]`
  void write(base::json_writer& out) const;

 private:
  struct param {
    std::string_view name, given;
    std::string made;  ///< instead of `given`, unless empty

    [[nodiscard]] std::string_view value() const noexcept { return made.empty() ? given : made; }
  };

  void add(param what);

  // Some twenty: a look at each is cheaper than a set.
  std::vector<param> list_;
};

/// The members of a JSON object that describes a product: each name once, what is not known left out. Names
/// outlive it.
class product_object {
 public:
  explicit product_object(base::json_writer& out) : out_(out) { out_.begin_object(); }
  product_object(const product_object&) = delete;
  product_object& operator=(const product_object&) = delete;
  ~product_object() { out_.end_object(); }

  template <class T>
  product_object& member(std::string_view name, const T& value) {
    if (take(name)) out_.member(name, value);
    return *this;
  }
  product_object& member(std::string_view name, event::text value) {
    if (value) member(name, *value);
    return *this;
  }
  template <class T>
  product_object& member(std::string_view name, const std::optional<T>& value) {
    if (value) member(name, *value);
    return *this;
  }
  /// A number that is there as text already.
  product_object& number(std::string_view name, std::string_view exact) {
    if (take(name)) out_.key(name).raw(exact);
    return *this;
  }
  /// The shop's own properties of a product, which the vendor takes as lists of strings.
  product_object& attributes(const event::attributes& all);

 private:
  [[nodiscard]] bool take(std::string_view name);

  base::json_writer& out_;
  boost::container::small_vector<std::string_view, 16> taken_;
};

}  // namespace cartrelay::destinations::esputnik
