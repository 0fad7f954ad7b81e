#pragma once

#include <map>
#include <string>
#include <vector>

namespace cartrelay::event {

/// What may stand in `refs`: vendor → member names.
using vocabulary = std::map<std::string, std::vector<std::string>>;

/// How strict validation is; everything else about an event is fixed.
struct options {
  enum class unknown_members { refuse, keep };
  unknown_members unknown = unknown_members::refuse;  ///< keep: stored, never interpreted

  /// Names that are not in it are refused, unless unknown members are kept. Empty: any vendor and any member.
  /// Whoever knows the vendors fills it in.
  vocabulary refs;

  friend bool operator==(const options&, const options&) = default;
};

}  // namespace cartrelay::event
