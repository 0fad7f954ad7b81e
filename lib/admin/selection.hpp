#pragma once

#include "http/message.hpp"
#include "ingest/receipt_json.hpp"
#include "queue/inspect.hpp"

#include <string_view>
#include <vector>

namespace cartrelay::admin {

/// Which dead letters the body of a replay or a discard means.
struct selection {
  queue::dead_letter_selection which;
  std::vector<http::problem_entry>
      faults;  ///< if there are any, `which` says nothing; as many as a fault_list takes
};

/// `{"ids":[…]}` with 1 to 1,000 ids, or `{"destination","reason"?,"before"?}`: never everything by accident.
/// Each fault has its pointer; an unknown member names the nearest one. Pure.
[[nodiscard]] selection parse_selection(std::string_view body, const ingest::destination_names& names);

}  // namespace cartrelay::admin
