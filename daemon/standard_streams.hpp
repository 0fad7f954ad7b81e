#pragma once

#include <exception>

/// What commands say goes through stdio to the standard output; whether it arrived is asked here.
namespace cartrelay::daemon {

/// Before anything is opened: a standard stream that was closed stays a failure to use. Its descriptor would
/// be given to the next file or connection, which then gets our words.
void occupy_closed_streams();

/// Sends off what was printed. Throws std::system_error like fmt::print if it cannot be written.
void flush_output();

/// The end of a program that `broken` ended: says why on stderr and answers exit_failure. If nobody reads the
/// output any more, the process ends here, without a word, as SIGPIPE would have ended it.
[[nodiscard]] int end_of(const std::exception& broken);

}  // namespace cartrelay::daemon
