// clusterctl init: a commented inventory to start from.
#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "model/error.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

struct InitOptions {
  std::string example = "ha", file = "inventory.yml";
};

int run_init(const Options& options, const InitOptions& init) {
  const std::string example = init.example == "ha" ? "example" : init.example;
  const std::string text = read_file(find_data(options.data) + "/inventory/" + example + ".yml");
  if (init.file == "-") {
    write_out(text);
    return 0;
  }
  std::string file = init.file;
  if (file.ends_with('/') || std::filesystem::is_directory(file))  // a directory, there or to be made
    file += std::string(file.ends_with('/') ? "" : "/") + "inventory.yml";
  if (std::filesystem::exists(file))
    throw Error(file + " is there already; name another file, or - for standard output", 2);
  write_file(file, text);
  tell("{} written; put your hosts into it, then: clusterctl validate {}\n", file, shell_word(file));
  return 0;
}

}  // namespace

void add_init(Program& program) {
  const auto init = std::make_shared<InitOptions>();
  program.add("init", "write a commented inventory", [&program, init] { return run_init(program.options, *init); })
      .choice("--example", init->example, {"ha", "single"}, "ha (3 masters) or single (1 host)")
      .argument("file", init->file, "where to write it; inventory.yml if not said, - for standard output");
}

}  // namespace cctl
