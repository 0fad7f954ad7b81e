#pragma once

#include <string_view>

/// What the fuzzer feeds: each takes any bytes at all, and ends the process when a promise of the code under
/// test is broken (promise.hpp). A target keeps nothing from one call to the next.
namespace cartrelay::fuzz {

void session(std::string_view bytes);  ///< a connection's bytes → requests, however they are cut into reads
void submission(std::string_view bytes);  ///< a request's body → events → what the queue stores, and back
void mapping(std::string_view bytes);     ///< an event → the requests of every vendor kind
void vendor_answer(std::string_view bytes);  ///< whatever a vendor answers → a verdict for every event
void answer_reader(
    std::string_view bytes);  ///< what a server sends → one answer, however it is cut into reads
void configuration(std::string_view bytes);  ///< TOML → options, or faults with their lines
void stored_record(std::string_view bytes);  ///< what is stored, mangled → the record or none
void text_form(std::string_view bytes);      ///< amounts, times, sizes, URLs, addresses as people write them

/// Breaks its promise for one word: shows that the fuzzer finds such words, and that a replay fails for them.
void planted(std::string_view bytes);

}  // namespace cartrelay::fuzz
