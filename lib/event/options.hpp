#pragma once

#include <map>
#include <string>
#include <vector>

namespace cartrelay::event {

/// How strict validation is; everything else about an event is fixed.
struct options {
  enum class unknown_members { refuse, keep };
  unknown_members unknown =
      unknown_members::refuse;  ///< keep: stored and forwarded to webhooks, never interpreted

  /// What may stand in `refs`: vendor → member names. Other names are refused, unless unknown members
  /// are kept. Empty: any vendor and any member. Whoever knows the vendors fills it in.
  std::map<std::string, std::vector<std::string>> refs;

  friend bool operator==(const options&, const options&) = default;
};

}  // namespace cartrelay::event
