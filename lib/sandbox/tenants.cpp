#include "sandbox/tenants.hpp"

#include "sandbox/form.hpp"

namespace cartrelay::sandbox {
namespace {

constexpr std::size_t longest_name = 64;

void write_one(base::json_writer& out, const tenant& one, bool whole) {
  out.begin_object().member("vendor", one.vendor_name).member("instance", one.instance);
  out.member("requests", one.requests).member("faulted", one.faulted).member("noted", one.noted);
  out.key("answers").begin_object();
  for (const auto& [status, count] : one.answers) {
    out.member(status == 0 ? std::string("none") : std::to_string(status), count);
  }
  out.end_object().key("counters").begin_object();
  one.desk->write_counters(out);
  out.end_object();
  if (whole) {
    out.key("state").begin_object();
    one.desk->write_state(out);
    out.end_object();
  }
  out.end_object();
}

}  // namespace

tenant* tenants::at(std::string_view vendor_name, std::string_view instance) {
  auto key = std::pair(std::string(vendor_name), std::string(instance));
  if (const auto known = all_.find(key); known != all_.end()) return &known->second;
  const bool fits =
      instance.empty() || (instance.size() <= longest_name && forms::token_text.holds(instance));
  if (!fits || all_.size() >= most) return nullptr;
  auto desk = make_vendor(vendor_name, settings_.remembered);
  if (!desk) return nullptr;
  tenant& made = all_[key];
  made.vendor_name = vendor_name;
  made.instance = instance;
  made.desk = std::move(desk);
  made.settings.latency = settings_.latency;
  if (const auto secret = settings_.secrets.find(vendor_name); secret != settings_.secrets.end()) {
    made.settings.secret = secret->second;
  }
  return &made;
}

void tenants::write(base::json_writer& out, std::string_view vendor_name, const std::string* instance,
                    bool whole) const {
  out.begin_array();
  for (const auto& [key, one] : all_) {
    const bool wanted =
        (vendor_name.empty() || vendor_name == key.first) && (instance == nullptr || *instance == key.second);
    if (wanted) write_one(out, one, whole);
  }
  out.end_array();
}

}  // namespace cartrelay::sandbox
