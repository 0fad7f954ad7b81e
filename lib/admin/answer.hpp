#pragma once

#include "base/error.hpp"
#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

/// Answers that several resources share. Pure.
namespace cartrelay::admin {

/// Longest body of a list: past it the page ends early and the cursor leads on. One entry may be longer.
inline constexpr std::size_t longest_page = 4 << 20;
/// How many records are asked of the queue at a time, so that a page of large events does not fill the
/// memory.
inline constexpr std::size_t records_at_once = 25;

/// After which a client may ask again that was answered 503.
inline constexpr std::chrono::seconds retry_after{5};

/// What the queue or a destination could not do: 503 with Retry-After, or 404.
[[nodiscard]] http::response answer_failure(const base::error& failure);
/// Nothing if the body is `application/json` in UTF-8, or empty; else a 415.
[[nodiscard]] std::optional<http::response> refuse_media_type(const http::request& incoming);
/// What keeps a browser from guessing, framing, caching or loading anything that is not ours.
void guard_browsers(http::response& answer);

}  // namespace cartrelay::admin
