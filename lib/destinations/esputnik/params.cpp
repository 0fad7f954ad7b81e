#include "destinations/esputnik/params.hpp"

#include "base/text.hpp"
#include "destinations/mapping.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace cartrelay::destinations::esputnik {
namespace {

template <class T>
void write_element(base::json_writer& out, const T& one) {
  out.value(one);
}
void write_element(base::json_writer& out, const base::number& one) {
  out.raw(one.plain());
}

template <class T>
std::string json_array(const std::vector<T>& list) {
  std::string out;
  base::json_writer writer(out);
  writer.begin_array();
  for (const auto& one : list)
    write_element(writer, one);
  writer.end_array();
  return out;
}

/// What the vendor takes for the contact, in whatever letter case (its page, event identification), and what
/// this kind names it by.
constexpr std::array<std::string_view, 13> identities{
    "contactid",   "contact_id", "email",     "emailaddress", "useremail",   "contactemail",      "phone",
    "phonenumber", "sms",        "pushtoken", "contactkey",   "contact_key", "externalcustomerid"};

bool is_identity(std::string_view name) {
  return std::any_of(identities.begin(), identities.end(),
                     [name](std::string_view one) { return base::equals_ignoring_case(one, name); });
}

/// An attribute as one parameter: lists keep their form.
struct param_text {
  template <class T>
  std::string operator()(const T& one) const {
    return attribute_text(one);
  }
  template <class T>
  std::string operator()(const std::vector<T>& list) const {
    return json_array(list);
  }
};

/// An attribute as the elements of a list of strings.
struct elements_writer {
  base::json_writer& out;

  void operator()(std::string_view one) const { out.value(one); }
  void operator()(const base::number& one) const { out.value(one.plain()); }
  void operator()(bool one) const { out.value(one ? "true" : "false"); }
  template <class T>
  void operator()(const std::vector<T>& list) const {
    for (const auto& one : list)
      (*this)(one);
  }
};

}  // namespace

void params::add(std::string_view name, std::string_view value) {
  taken_.push_back({name, value.empty()});
  write(name, value);
}

void params::add(std::string_view name, event::text value) {
  if (const auto given = unless_empty(value))
    add(name, *given);
  else
    taken_.push_back({name, true});
}

void params::add(std::string_view name, const event::money& value) {
  const auto written = value ? value->text() : std::string();
  add(name, event::text(written));
}

void params::add(const event::attributes& all) {
  for (const auto& [name, value] : all) {
    const auto same = [wanted = std::string_view(name)](const param& one) { return one.name == wanted; };
    if (is_identity(name) || std::any_of(taken_.begin(), taken_.end(), same)) continue;
    write(name, std::visit(param_text(), value));
  }
}

void params::write(std::string_view name, std::string_view value) {
  out_.begin_object().member("name", name).member("value", value).end_object();
}

bool params::has(std::string_view name) const {
  return std::any_of(taken_.begin(), taken_.end(),
                     [&](const param& one) { return one.name == name && !one.empty; });
}

product_object& product_object::attributes(const event::attributes& all) {
  for (const auto& [name, value] : all) {
    if (std::find(taken_.begin(), taken_.end(), name) != taken_.end()) continue;
    out_.key(name).begin_array();
    std::visit(elements_writer{out_}, value);
    out_.end_array();
  }
  return *this;
}

}  // namespace cartrelay::destinations::esputnik
