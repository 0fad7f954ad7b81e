#pragma once

#include <map>
#include <string>
#include <vector>

namespace cartrelay::event {

/// How much of an event is kept once it is found valid. An outline is without items, products, attributes and
/// refs: enough to route it, to store its text and to find it again.
enum class extent { whole, outline };

/// What may stand in `refs`: vendor → member names.
using vocabulary = std::map<std::string, std::vector<std::string>>;

/// How strict validation is; everything else about an event is fixed.
struct options {
  enum class unknown_members { refuse, keep };
  unknown_members unknown =
      unknown_members::refuse;  ///< keep: stored and forwarded to webhooks, never interpreted

  /// Names that are not in it are refused, unless unknown members are kept. Empty: any vendor and any member.
  /// Whoever knows the vendors fills it in.
  vocabulary refs;

  friend bool operator==(const options&, const options&) = default;
};

}  // namespace cartrelay::event
