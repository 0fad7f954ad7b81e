#pragma once

#include "base/json_writer.hpp"
#include "destinations/mapping.hpp"
#include "event/types.hpp"

#include <boost/container/small_vector.hpp>

#include <optional>
#include <string_view>

namespace cartrelay::destinations::esputnik {

/// Writes an event's parameters as they are added, `[{"name":…,"value":…},…]`: the values all strings. The
/// kind's own names are added once each, before the attributes, also those that have no value: an attribute
/// of that name is dropped, for the vendor would take it for the parameter and refuse its form. Names outlive
/// it; values are done with at once.
class params {
 public:
  explicit params(base::json_writer& out) : out_(out) { out_.begin_array(); }
  params(const params&) = delete;
  params& operator=(const params&) = delete;
  ~params() { out_.end_array(); }

  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, event::text value);
  void add(std::string_view name, const event::money& value);
  /// A shop's own attributes; a list travels as JSON text, like every structure. One whose name the vendor
  /// would take for the contact is dropped: an attribute never says who the customer is. The vendor looks for
  /// the contact in any letter case ("excluding the register"); other parameters "must be named as
  /// indicated".
  void add(const event::attributes& all);

  /// With a value that is not empty.
  [[nodiscard]] bool has(std::string_view name) const;

 private:
  struct param {
    std::string_view name;
    bool empty;
  };

  void write(std::string_view name, std::string_view value);

  base::json_writer& out_;
  // The kind's own: attributes differ among themselves, and there may be many. A look at each is cheaper than
  // a set.
  boost::container::small_vector<param, 24> taken_;
};

/// The members of a JSON object that describes a product: what is not known is left out, and so are
/// attributes whose name is taken. The kind's own names are given once each, before the attributes, and take
/// their name also where there is no value. Names outlive it.
class product_object {
 public:
  explicit product_object(base::json_writer& out) : out_(out) { out_.begin_object(); }
  product_object(const product_object&) = delete;
  product_object& operator=(const product_object&) = delete;
  ~product_object() { out_.end_object(); }

  template <class T>
  product_object& member(std::string_view name, const T& value) {
    taken_.push_back(name);
    out_.member(name, value);
    return *this;
  }
  product_object& member(std::string_view name, event::text value) {
    const auto given = unless_empty(value);
    return given ? member(name, *given) : without(name);
  }
  template <class T>
  product_object& member(std::string_view name, const std::optional<T>& value) {
    return value ? member(name, *value) : without(name);
  }
  /// A number that is there as text already.
  product_object& number(std::string_view name, std::string_view exact) {
    taken_.push_back(name);
    out_.key(name).raw(exact);
    return *this;
  }
  /// Takes the name of a member that is not there.
  product_object& without(std::string_view name) {
    taken_.push_back(name);
    return *this;
  }
  /// The shop's own properties of a product, which the vendor takes as lists of strings.
  product_object& attributes(const event::attributes& all);

 private:
  base::json_writer& out_;
  boost::container::small_vector<std::string_view, 16> taken_;  // the kind's own
};

}  // namespace cartrelay::destinations::esputnik
