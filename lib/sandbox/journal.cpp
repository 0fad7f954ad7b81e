#include "sandbox/journal.hpp"

#include "base/base64.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <map>

namespace cartrelay::sandbox {
namespace {

constexpr std::string_view mask = "***";

std::size_t size_of(const arrival& one) {
  std::size_t bytes = sizeof(arrival) + one.target.size() + one.body.size();
  for (const auto& [name, text] : one.headers)
    bytes += name.size() + text.size();
  return bytes;
}

/// Bytes that are no UTF-8 cannot stand in JSON; they go out in base64 under another name.
void write_bytes(base::json_writer& out, std::string_view name, std::string_view bytes) {
  if (base::is_valid_utf8(bytes)) {
    out.member(name, bytes);
  } else {
    out.member(std::string(name) + "_base64", base::base64_encode(bytes));
  }
}

void write_head(base::json_writer& out, const arrival& one) {
  out.member("number", one.number).member("time", base::format_rfc3339_micros(one.at));
  out.member("vendor", one.vendor).member("instance", one.instance).member("method", one.method);
  write_bytes(out, "path", one.target);
  out.key("status");
  if (one.status == 0) {
    out.null();
  } else {
    out.value(one.status);
  }
  if (one.fault != 0) out.member("fault", one.fault);
  if (one.notes.empty()) return;
  out.key("notes").begin_array();
  for (const std::string& note : one.notes)
    out.value(note);
  out.end_array();
}

/// By lower-case name; what came several times is joined by commas.
void write_headers(base::json_writer& out, const http::fields& headers) {
  std::map<std::string, std::string> joined;
  for (const auto& [name, text] : headers) {
    std::string& target = joined[base::to_lower(name)];
    if (!target.empty()) target += ", ";
    target += base::is_valid_utf8(text) ? text : base::percent_encode(text);
  }
  out.key("headers").begin_object();
  for (const auto& [name, text] : joined)
    out.member(name, text);
  out.end_object();
}

std::string masked(std::string_view name, const std::string& text) {
  if (base::equals_ignoring_case(name, "rokt-api-key")) return std::string(mask);
  if (!base::equals_ignoring_case(name, "authorization")) return text;
  const auto space = text.find(' ');
  return space == std::string::npos ? std::string(mask) : text.substr(0, space + 1) + std::string(mask);
}

}  // namespace

bool arrival_filter::holds(const arrival& one) const {
  return one.number > after && (vendor.empty() || vendor == one.vendor) &&
         (!by_instance || instance == one.instance);
}

bool journal::open(const std::string& path) {
  file_.open(path, std::ios::app);
  return file_.is_open();
}

void journal::add(arrival one) {
  one.number = ++last_;
  write_line(one);
  bytes_ += size_of(one);
  kept_.push_back(std::move(one));
  while (kept_.size() > 1 && (kept_.size() > most_ || bytes_ > most_bytes_)) {
    bytes_ -= size_of(kept_.front());
    kept_.pop_front();
  }
}

void journal::forget() {
  kept_.clear();
  bytes_ = 0;
}

void journal::write_line(const arrival& one) {
  if (!file_.is_open()) return;
  std::string line;
  base::json_writer out(line);
  out.begin_object();
  write_head(out, one);
  write_bytes(out, "body", one.body);
  out.end_object();
  line += '\n';
  file_ << line << std::flush;
  if (!file_ && !file_failed_) {
    file_failed_ = true;
    base::log::warning("the sandbox's log cannot be written; requests are no longer logged");
  }
}

std::size_t journal::count(const arrival_filter& filter) const {
  std::size_t found = 0;
  for (const arrival& one : kept_)
    if (filter.holds(one)) ++found;
  return found;
}

void journal::write(base::json_writer& out, const arrival_filter& filter, std::size_t limit) const {
  out.key("requests").begin_array();
  for (const arrival& one : kept_) {
    if (limit == 0) break;
    if (!filter.holds(one)) continue;
    --limit;
    out.begin_object();
    write_head(out, one);
    write_headers(out, one.headers);
    write_bytes(out, "body", one.body);
    out.end_object();
  }
  out.end_array().member("last", last_).member("forgotten", last_ - kept_.size());
}

arrival record_of(const http::request& incoming, base::timestamp at) {
  arrival made;
  made.at = at;
  made.method = incoming.method;
  made.target = incoming.target;
  for (const auto& [name, text] : incoming.headers)
    made.headers.add(name, masked(name, text));
  made.body = incoming.path().ends_with("/oauth/token") ? std::string(mask) : incoming.body;
  return made;
}

}  // namespace cartrelay::sandbox
