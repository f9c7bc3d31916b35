// What observe asks of a host's shell, and how the answer is read.
#pragma once
#include <string>

#include "apply/doors.hpp"
#include "model/error.hpp"

namespace cctl {

// A POSIX script that prints facts, the manifest and files between two marks. Only what busybox has, too.
std::string observe_script(const ObserveRequest& request, const std::string& mark);
class FilesChanging : public Error {
 public:
  FilesChanging() : Error("files were changing while they were read; try again") {}
};
// Fills the facts, files and manifest. Throws Error when the answer is not whole, FilesChanging when asking again
// helps.
void read_observation(const std::string& answer, const ObserveRequest& request, const std::string& mark,
                      ObservedHost& host);
// Of a host whose engine gives no answer at `socket`.
std::string silent_engine_script(const std::string& socket);
void read_silent_engine(const std::string& answer, ObservedHost& host);
// Texts of GET /containers/json?all=1 and /images/json. Throws Error when they are not lists of objects.
void read_containers(const std::string& text, ObservedHost& host);
void read_images(const std::string& text, ObservedHost& host);

}  // namespace cctl
