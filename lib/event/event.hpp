#pragma once

#include "event/boxed.hpp"
#include "event/type.hpp"
#include "event/types.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

/// A scalar extension attribute of the envelope, as JSON text (`"x"`, `5`, `true`).
struct extension {
  std::string name;
  std::string json;
};

/// See digest() in event/stored.hpp.
using content_digest = std::array<std::uint8_t, 16>;

/// One store event that passed validation. A value: may be shared between threads as const.
struct event {
  std::string id;
  std::string source;
  event_type type{};
  std::optional<moment> time;  ///< as given; see occurred_at
  text subject, partition_key, trace_parent, trace_state;
  std::vector<extension> extensions;
  payload data;

  std::string json;  ///< the whole event, structured CloudEvents JSON, compact, byte for byte what is stored
                     ///< and shown
  base::timestamp received_at;            ///< when ingest took it
  std::optional<content_digest> content;  ///< the digest, where the parse has computed it on the way

  /// `time` if given, else when it was received.
  [[nodiscard]] base::timestamp occurred_at() const noexcept { return time ? time->at : received_at; }
  /// `data.refs`, then the order's, the cart's: the first that has it.
  [[nodiscard]] text ref(const std::string& vendor, const std::string& member) const;
};

using event_ptr = std::shared_ptr<const event>;

}  // namespace cartrelay::event
