#include "destinations/esputnik/params.hpp"

#include "base/text.hpp"
#include "destinations/mapping.hpp"

#include <algorithm>

namespace cartrelay::destinations::esputnik {
namespace {

std::vector<std::string> texts(const event::attribute_value& value) {
  std::vector<std::string> out;
  if (const auto* list = std::get_if<std::vector<std::string_view>>(&value)) {
    out.assign(list->begin(), list->end());
    return out;
  }
  if (const auto* list = std::get_if<std::vector<base::number>>(&value))
    for (const auto& number : *list)
      out.push_back(number.plain());
  else
    out.push_back(attribute_text(value));
  return out;
}

template <class T>
std::string json_array(const std::vector<T>& list) {
  std::string out;
  base::json_writer writer(out);
  writer.begin_array();
  for (const auto& one : list)
    writer.value(one);
  writer.end_array();
  return out;
}

struct param_text {
  template <class T>
  std::string operator()(const T& one) const {
    return attribute_text(one);
  }
  std::string operator()(const std::vector<std::string_view>& list) const { return json_array(list); }
  std::string operator()(const std::vector<base::number>& list) const { return json_array(list); }
};

}  // namespace

void params::add(param what) {
  const auto same = [&what](const param& one) { return base::equals_ignoring_case(one.name, what.name); };
  if (std::none_of(list_.begin(), list_.end(), same)) list_.push_back(std::move(what));
}

void params::add(std::string_view name, std::string_view value) {
  add(param{name, value, {}});
}

void params::add(std::string_view name, std::string value) {
  add(param{name, {}, std::move(value)});
}

void params::add(std::string_view name, event::text value) {
  if (value) add(name, *value);
}

void params::add(std::string_view name, const event::money& value) {
  if (value) add(name, value->text());
}

void params::add(std::string_view name, const event::attribute_value& value) {
  add(name, std::visit(param_text(), value));
}

event::text params::find(std::string_view name) const {
  const auto found =
      std::find_if(list_.begin(), list_.end(), [&](const param& one) { return one.name == name; });
  return found == list_.end() ? event::text() : found->value();
}

void params::write(base::json_writer& out) const {
  out.begin_array();
  for (const auto& one : list_)
    out.begin_object().member("name", one.name).member("value", one.value()).end_object();
  out.end_array();
}

bool product_object::take(std::string_view name) {
  if (std::find(taken_.begin(), taken_.end(), name) != taken_.end()) return false;
  taken_.push_back(name);
  return true;
}

product_object& product_object::attributes(const event::attributes& all) {
  for (const auto& [name, value] : all)
    if (take(name)) out_.key(name).raw(json_array(texts(value)));
  return *this;
}

}  // namespace cartrelay::destinations::esputnik
