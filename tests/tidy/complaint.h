// What a house rule has to say about a file. Reads "file:line: what, limit", as compilers do, so
// that an editor can jump to it.
#pragma once

#include <string>
#include <vector>

namespace tidy {

struct Complaint {
  std::string file;  // relative to the project's root
  int line{1};       // 1..
  std::string what;
};

using Complaints = std::vector<Complaint>;

[[nodiscard]] inline std::string to_text(const Complaint& complaint) {
  return complaint.file + ":" + std::to_string(complaint.line) + ": " + complaint.what;
}

[[nodiscard]] inline std::string to_text(const Complaints& complaints) {
  std::string text;
  for (const Complaint& complaint : complaints) text += to_text(complaint) + "\n";
  return text;
}

inline void append(Complaints& to, const Complaints& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace tidy
