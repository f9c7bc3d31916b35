// The shell scripts that apply runs on hosts. They are constants: paths reach them as lines of input, never as code.
// Plain POSIX sh and coreutils.
#pragma once
#include <set>
#include <string>
#include <vector>

namespace cctl {

// Looks at files ("f PATH": "-", or "SIZE MODE UID:GID" and a line of base64) and at directories ("d PATH": "+" or
// "-"). `lent`, here and below: directories that containers may write to ("w PATH"), in which no link is followed.
const std::string& survey_script();
std::string survey_input(const std::vector<std::string>& files, const std::vector<std::string>& directories,
                         const std::set<std::string>& lent = {});

struct SurveyedFile {
  bool exists = false;
  std::string mode, owner, bytes;
};
struct Survey {
  std::vector<SurveyedFile> files;  // in the order of the question
  std::vector<bool> directories;    // whether each exists
};
// Throws Error when the answer is not one to this question.
Survey survey_from(const std::string& answer, std::size_t files, std::size_t directories);

// Removes files ("f PATH"), whole trees ("t PATH") and directories that have become empty ("d PATH"); prints those that
// had to stay.
const std::string& clear_script();
std::string clear_input(const std::vector<std::string>& files, const std::vector<std::string>& trees,
                        const std::vector<std::string>& directories, const std::set<std::string>& lent = {});
std::vector<std::string> kept_from(const std::string& answer);

// Holds the lock of `directory` for as long as a line of input comes every 30 seconds, and answers each with a line.
// Prints "held", or "busy " and the line that the holder wrote. Where nothing but the lock is left in the end, it goes,
// and the directory with it: not before, for another run would make another lock.
std::string lease_script(const std::string& directory, const std::string& holder);

// 'text' for a POSIX shell, whatever bytes it holds.
std::string shell_quoted(const std::string& text);
// A command of words for a shell, whatever the words hold.
std::string command_of(const std::vector<std::string>& words);

}  // namespace cctl
