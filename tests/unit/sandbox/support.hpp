#pragma once

#include "sandbox/document.hpp"
#include "sandbox/vendor.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cartrelay::sandbox {

using header_list = std::vector<std::pair<std::string, std::string>>;

inline constexpr base::timestamp test_time{std::chrono::seconds(1'795'000'000)};

inline http::request make_request(std::string method, std::string target, std::string body,
                                  const header_list& headers) {
  http::request made;
  made.method = std::move(method);
  made.target = std::move(target);
  made.body = std::move(body);
  for (const auto& [name, text] : headers)
    made.headers.add(name, text);
  return made;
}

/// `text` with the one place where `from` stands replaced: a sample with one thing wrong.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "the sample does not hold " << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

/// What the vendor remembers or counts, parsed.
inline value state_of(const vendor& desk) {
  std::string text;
  base::json_writer out(text);
  out.begin_object();
  desk.write_state(out);
  out.end_object();
  return *parse_document(text);
}
inline std::string counters_of(const vendor& desk) {
  std::string text;
  base::json_writer out(text);
  out.begin_object();
  desk.write_counters(out);
  out.end_object();
  return text;
}

/// The value at a path of member names; fails the test, and gives null, if there is none.
inline value at(const value& from, std::initializer_list<std::string_view> path) {
  const value* found = &from;
  for (const std::string_view name : path) {
    found = found->find(name);
    if (found == nullptr) {
      ADD_FAILURE() << "no member " << name << " in " << to_json(from);
      return {};
    }
  }
  return *found;
}

/// One account at one vendor and the ways to call it.
struct counter_desk {
  explicit counter_desk(std::string_view name, header_list usual)
      : desk(make_vendor(name, 100)), headers(std::move(usual)) {}

  answer call_with(const std::string& method, std::vector<std::string> path, const std::string& body,
                   const header_list& with_headers, const std::string& query = {}) {
    const auto request =
        make_request(method, "/x" + (query.empty() ? query : "?" + query), body, with_headers);
    return desk->receive({request, std::move(path), settings, now, only_half});
  }
  answer send(const std::string& method, std::vector<std::string> path, const std::string& body = {}) {
    return call_with(method, std::move(path), body, headers);
  }
  /// The usual headers without `name`, and with `text` for it unless that is empty.
  [[nodiscard]] header_list changed(std::string_view name, const std::string& text) const {
    header_list list;
    for (const auto& header : headers) {
      if (header.first != name) list.push_back(header);
    }
    if (!text.empty()) list.emplace_back(name, text);
    return list;
  }

  std::unique_ptr<vendor> desk;
  account settings;
  header_list headers;
  base::timestamp now = test_time;
  bool only_half = false;
};

/// One way to spoil a sample: `from` becomes `to`, and the answer names `culprit`.
struct breach {
  std::string_view from;
  std::string_view to;
  std::string_view culprit;
};
inline void PrintTo(const breach& one, std::ostream* out) {
  *out << one.from << " -> " << one.to;
}

}  // namespace cartrelay::sandbox
