#pragma once

#include "base/digest.hpp"
#include "event/boxed.hpp"
#include "event/type.hpp"
#include "event/types.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace cartrelay::event {

/// What `data` holds; which members are there follows from the type (the catalogue in docs/events.md).
struct payload {
  std::optional<event::customer> customer;
  std::optional<event::session> session;
  boxed<event::cart> cart;
  boxed<event::order> order;
  boxed<event::item> item;
  boxed<event::item> product;
  std::optional<event::category> category;
  std::optional<event::page> page;
  event::refs refs;
};

/// See digest() in event/stored.hpp.
using content_digest = base::xxh128_digest;

/// One store event that passed validation. A value: copies share `storage`; may be shared between threads as
/// const. Its strings, and those of whatever is copied out of it, are views that are good as long as an event
/// with this storage lives; whoever needs one longer makes a std::string of it.
struct event {
  std::string_view id;
  std::string_view source;
  event_type type{};
  std::optional<moment> time;  ///< as given; see occurred_at
  text subject, partition_key, trace_parent, trace_state;
  attributes extensions;  ///< scalar extension attributes of the envelope
  payload data;

  std::string_view json;  ///< the whole event, structured CloudEvents JSON, compact, byte for byte what is
                          ///< stored and shown
  base::timestamp received_at;            ///< when ingest took it
  std::optional<content_digest> content;  ///< the digest, where the parse has computed it on the way

  std::shared_ptr<const char[]> storage;  ///< holds the text; nothing for an outline (event/parse.hpp)

  /// `time` if given, else when it was received.
  [[nodiscard]] base::timestamp occurred_at() const noexcept { return time ? time->at : received_at; }
  /// `data.refs`, then the order's, the cart's: the first that has it.
  [[nodiscard]] text ref(std::string_view vendor, std::string_view member) const noexcept;
};

/// About how many bytes of memory the event takes, its storage included.
[[nodiscard]] std::size_t footprint(const event& of) noexcept;

using event_ptr = std::shared_ptr<const event>;

}  // namespace cartrelay::event
