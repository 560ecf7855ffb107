#include "includes.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <vector>

namespace tidy {
namespace {

constexpr std::array<std::string_view, 4> kSeams{"power", "console", "probe", "link"};

bool is_seam(std::string_view name) { return std::ranges::find(kSeams, name) != kSeams.end(); }

std::string without_comments(std::string_view cmake) {
  std::string text;
  for (const std::string_view line : lines_of(cmake)) {
    text += std::string(line.substr(0, line.find('#'))) + "\n";
  }
  return text;
}

Module module_from(std::istringstream& words) {
  Module module;
  bool needs = false;
  for (std::string word; words >> word;) {
    if (word == "NEEDS" || word == "USES") {
      needs = word == "NEEDS";
    } else if (needs) {
      module.needs.insert(word);
    }
  }
  return module;
}

void collect(const std::string& name, const Modules& modules, std::set<std::string>& into) {
  const auto found = modules.find(name);
  if (found == modules.end()) return;
  for (const std::string& needed : found->second.needs) {
    if (into.insert(needed).second) collect(needed, modules, into);
  }
}

std::set<std::string> everything_needed(const std::string& name, const Modules& modules) {
  std::set<std::string> needed;
  collect(name, modules, needed);
  return needed;
}

struct Include {
  int line{};
  std::string path;
};

// From the text, not the code: the path is a literal.
std::vector<Include> own_includes(const SourceFile& file) {
  std::vector<Include> includes;
  int number = 0;
  for (const std::string_view line : lines_of(file.text)) {
    ++number;
    constexpr std::string_view kStart = "#include \"";
    if (!line.starts_with(kStart)) continue;
    const std::string_view path = line.substr(kStart.size());
    includes.push_back({number, std::string(path.substr(0, path.find('"')))});
  }
  return includes;
}

std::string first_folder(std::string_view path) {
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

std::string objection(const std::string& from, const std::string& to, const Modules& modules) {
  if (from == to) return {};
  if (!modules.contains(to)) return "is no module; write \"module/file.h\"";
  if (is_seam(from) && is_seam(to)) return "a seam never includes another";
  if (!everything_needed(from, modules).contains(to)) {
    return std::string(kModuleList) + " does not let " + from + " need " + to;
  }
  return {};
}

}  // namespace

Modules modules_in(std::string_view cmake) {
  Modules modules;
  constexpr std::string_view kCall = "rig_module(";
  const std::string text = without_comments(cmake);
  for (std::size_t at = find_word(text, kCall); at != std::string::npos;
       at = find_word(text, kCall, at + 1)) {
    const std::size_t begin = at + kCall.size();
    std::istringstream words(text.substr(begin, text.find(')', begin) - begin));
    std::string name;
    words >> name;
    modules[name] = module_from(words);
    modules[name].line = line_number(text, at);
  }
  return modules;
}

Complaints check_modules(const Modules& modules) {
  Complaints complaints;
  const std::string list(kModuleList);
  for (const auto& [name, module] : modules) {
    for (const std::string& needed : module.needs) {
      if (!modules.contains(needed)) {
        complaints.push_back(
            {list, module.line, name + " needs " + needed + ", which is no module"});
      }
      if (is_seam(name) && is_seam(needed)) {
        complaints.push_back({list, module.line, "seam " + name + " needs seam " + needed});
      }
    }
    if (everything_needed(name, modules).contains(name)) {
      complaints.push_back({list, module.line, name + " needs itself, by way of a ring"});
    }
  }
  return complaints;
}

Complaints check_includes(const SourceFile& file, const Modules& modules) {
  Complaints complaints;
  const std::string module = first_folder(std::string_view(file.path).substr(4));  // after "rig/"
  if (!modules.contains(module)) {
    return {
        {file.path, 1, "folder \"" + module + "\" is no module of " + std::string(kModuleList)}};
  }
  for (const Include& include : own_includes(file)) {
    const std::string why = objection(module, first_folder(include.path), modules);
    if (why.empty()) continue;
    complaints.push_back({file.path, include.line, "includes " + include.path + ": " + why});
  }
  return complaints;
}

Complaints check_firmware_includes(const SourceFile& file) {
  Complaints complaints;
  if (!file.is_below("firmware-under-test/core")) return complaints;
  for (const Include& include : own_includes(file)) {
    const std::string folder = first_folder(include.path);
    if (folder.empty() || folder == "core") continue;
    complaints.push_back(
        {file.path, include.line, "includes " + include.path + ": core/ knows nothing but core/"});
  }
  return complaints;
}

}  // namespace tidy
