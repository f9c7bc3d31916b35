// The command table: each function adds its subcommand to the program.
#pragma once
#include "commands/program.hpp"

namespace cctl {

void add_init(Program& program);
void add_validate(Program& program);
void add_plan(Program& program);
void add_up(Program& program);
void add_upgrade(Program& program);
void add_check(Program& program);
void add_status(Program& program);
void add_logs(Program& program);
void add_down(Program& program);
void add_app(Program& program);
void add_render(Program& program);
void add_images(Program& program);
void add_sandbox(Program& program);
void add_completion(Program& program);
void add_complete(Program& program);
void add_version(Program& program);

}  // namespace cctl
