#pragma once

#include <initializer_list>

namespace CLI {
class App;
}  // namespace CLI

/// The commands of the program. Each function adds one to the parser; when it was chosen, its callback runs
/// it and sets `outcome` to an exit code.
namespace cartrelay::daemon {

void add_serve(CLI::App& app, int& outcome);
void add_check(CLI::App& app, int& outcome);
void add_sandbox(CLI::App& app, int& outcome);
void add_send(CLI::App& app, int& outcome);
void add_status(CLI::App& app, int& outcome);
void add_events(CLI::App& app, int& outcome);
void add_dead_letters(CLI::App& app, int& outcome);
void add_pause_and_resume(CLI::App& app, int& outcome);
void add_preview(CLI::App& app, int& outcome);
void add_erase(CLI::App& app, int& outcome);

inline void add_commands(CLI::App& app, int& outcome) {
  for (auto* add : {add_serve, add_check, add_sandbox, add_send, add_status, add_events, add_dead_letters,
                    add_pause_and_resume, add_preview, add_erase})
    add(app, outcome);
}

}  // namespace cartrelay::daemon
