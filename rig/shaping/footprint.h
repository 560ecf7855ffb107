// What an engine has changed on this machine, on disk before it does: a process that is killed
// leaves a file behind, from which the next one (or `otarig doctor --fix`) undoes it.
//
// One file per engine, FOLDER/PID-STARTED-N.link (STARTED: the process's start time as the kernel
// counts it, so that a number that is used again is not taken for it), of lines:
//
//   network NUMBER            the network namespace in which the interfaces are
//   qdisc INTERFACE           its root queueing discipline is ours
//   offload gro INTERFACE     was on, and is off
//   control PATH              a socket of ours, where the engine can be spoken to
//
// A last line without its end was being written: nothing had been changed yet.
#pragma once

#include <string>
#include <vector>

#include "io/unique_fd.h"

namespace rig::shaping {

class Footprint {
 public:
  // Makes the folder when it is missing. An empty folder: nothing is kept. Throws base::RigError.
  explicit Footprint(const std::string& folder);
  // Removes the file: whoever made the changes has undone them.
  ~Footprint();
  Footprint(const Footprint&) = delete;
  Footprint& operator=(const Footprint&) = delete;

  void note(const std::string& line);  // on disk when it returns

 private:
  std::string path_;
  io::UniqueFd file_;
};

// What processes that are gone have left, in words: "gro of eth1". Nothing is changed.
[[nodiscard]] std::vector<std::string> left_behind(const std::string& folder);
// Undoes it, in the network namespace where it was done; what was undone. What cannot be undone
// (the interface is gone, or all of its namespace) is forgotten. Throws base::RigError for want of
// rights.
std::vector<std::string> undo_left_behind(const std::string& folder);

}  // namespace rig::shaping
