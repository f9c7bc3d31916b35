// The shell script that puts files in place, all or none.
#include <set>

#include "model/base64.hpp"
#include "remote/shell.hpp"

namespace cctl {
namespace {

// A path that no command takes for an option.
std::string as_path(const std::string& path) {
  return path.starts_with('/') ? path : "./" + path;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Base64 in lines of 76, as some decoders want it.
std::string wrapped(const std::string& bytes) {
  const auto text = to_base64(bytes);
  std::string lines;
  for (std::size_t i = 0; i < text.size(); i += 76) lines += text.substr(i, 76) + "\n";
  return lines;
}

}  // namespace

std::string put_script(const std::vector<DirectorySpec>& directories, const std::vector<FileSpec>& files,
                       const std::string& nonce) {
  // The body is one group, so that a script cut off on its way runs not at all. Numbered variables: t target, n new,
  // o the old file put aside until every rename has happened.
  std::string text = "{ umask 077\nwhy() { echo \"$1\" >&2; undo; exit 1; }\nundo() { :;\n";
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto k = std::to_string(i);
    const std::string back =
        files[i].in_place ? "cat \"$o" + k + "\" > \"$t" + k + "\"" : "mv -f \"$o" + k + "\" \"$t" + k + "\"";
    text += "case \"$s" + k + "\" in kept) " + back + ";; fresh) rm -f \"$t" + k + "\";; esac; rm -f \"$n" + k +
            "\" \"$o" + k + "\"\n";
  }
  text += "}\n";
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto target = as_path(files[i].path);
    const auto parent = parent_of(target);
    // What is written in place has no room beside it: a mounted file, /proc/sys.
    const auto stem = (parent == "/"       ? ""
                       : files[i].in_place ? "/tmp"
                                           : parent) +
                      "/.cctl-" + nonce + "-" + std::to_string(i);
    const auto k = std::to_string(i);
    text += "t" + k + "=" + shell_quoted(target) + " n" + k + "=" + shell_quoted(stem + ".new") + " o" + k + "=" +
            shell_quoted(stem + ".old") + " s" + k + "=\n";
  }
  for (const auto& directory : directories) {
    const auto path = shell_quoted(as_path(directory.path));
    const auto own = "chown " + shell_quoted(directory.owner) + " " + path;
    text += "if [ ! -d " + path + " ]; then (umask 022; mkdir -p " + path + ") && " + own + " && chmod " +
            shell_quoted(directory.mode) + " " + path + " || why \"cannot make directory \"" + path + "\n";
    // Somebody made room, as for a disk of its own: an empty one is given to whom it is for, one with files is theirs.
    text += "elif [ -z \"$(ls -A " + path + "/)\" ]; then " + own + " || why \"cannot give away directory \"" + path +
            "; fi\n";
  }
  std::set<std::string> parents;
  for (const auto& file : files) parents.insert(parent_of(as_path(file.path)));
  for (const auto& parent : parents) {
    const auto path = shell_quoted(parent);
    text += "[ -d " + path + " ] || (umask 022; mkdir -p " + path + ") || why \"cannot make directory \"" + path + "\n";
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].absent) continue;
    const auto k = std::to_string(i);
    text += "[ ! -d \"$t" + k + "\" ] || rmdir \"$t" + k + "\" 2>/dev/null || why \"is a directory: $t" + k + "\"\n";
    text += "base64 -d > \"$n" + k + "\" <<'END_" + nonce + "' || why \"cannot write beside $t" + k + "\"\n" +
            wrapped(files[i].content) + "END_" + nonce + "\n";
    text += "chown " + shell_quoted(files[i].owner) + " \"$n" + k + "\" && chmod " + shell_quoted(files[i].mode) +
            " \"$n" + k + "\" || why \"cannot set owner or mode of $t" + k + "\"\n";
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto k = std::to_string(i);
    if (files[i].once) text += "if [ ! -e \"$t" + k + "\" ]; then\n";
    text += "if [ -e \"$t" + k + "\" ] || [ -h \"$t" + k + "\" ]; then cp " + (files[i].in_place ? "-p" : "-pP") +
            " \"$t" + k + "\" \"$o" + k + "\" || why \"cannot keep a copy of $t" + k + "\"; k=kept; else k=fresh; fi\n";
    text += (files[i].absent     ? "rm -f \"$t" + k + "\""
             : files[i].in_place ? "cat \"$n" + k + "\" > \"$t" + k + "\""
                                 : "mv -f \"$n" + k + "\" \"$t" + k + "\"") +
            " || why \"cannot replace $t" + k + "\"; s" + k + "=$k\n";
    if (files[i].once) text += "fi\n";
  }
  text += "rm -f --";
  for (std::size_t i = 0; i < files.size(); ++i)
    text += " \"$n" + std::to_string(i) + "\" \"$o" + std::to_string(i) + "\"";
  return text + "\nexit 0\n}\n";
}

}  // namespace cctl
