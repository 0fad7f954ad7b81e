#pragma once

#include "sandbox/esputnik_contract.hpp"
#include "sandbox/kept.hpp"
#include "sandbox/vendor.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cartrelay::sandbox {

/// eSputnik's `POST v1/event` and `POST v1/contacts`, HTTP Basic with the key as password. As silent as the
/// vendor: an event for nobody it knows, an `orderCreated` without its required parameters, or a change to an
/// order that does not exist is answered 200 and ignored; the request's notes say so and it is counted.
class esputnik final : public vendor {
 public:
  explicit esputnik(std::size_t remembered)
      : contacts_(remembered), names_(remembered), orders_(remembered) {}

  [[nodiscard]] answer receive(const call& incoming) override;
  void write_counters(base::json_writer& out) const override;
  void write_state(base::json_writer& out) const override;

 private:
  struct contact {
    std::string json;                             // as it was imported last
    std::map<std::string, std::uint64_t> events;  // by event type
  };
  struct order {
    std::string status;
    std::vector<std::string> history;  // each status it went through, repeats left out
    std::string contact;
    std::string total_cost;
    std::uint64_t events = 0;
  };

  [[nodiscard]] answer take_contacts(const call& incoming);
  [[nodiscard]] answer take_event(const call& incoming);
  /// The name of the contact that the event belongs to; empty: nobody known.
  [[nodiscard]] std::string owner_of(const contact_event& event);
  /// Why the order event is ignored; empty: it was applied.
  [[nodiscard]] std::string apply_order(const contact_event& event, const std::string& owner);

  kept<contact> contacts_;   // by first identity
  kept<std::string> names_;  // identity → the contact's name
  kept<order> orders_;       // by externalOrderId
  std::uint64_t imports_ = 0, events_ = 0, ignored_ = 0, unknown_contact_ = 0;
};

}  // namespace cartrelay::sandbox
