#include "scenario/program.h"

#include "scenario/yaml_reader.h"

namespace rig::scenario {

std::vector<std::string> command_line_from(const Value& value) {
  std::vector<std::string> words;
  for (const Value& word : value.list()) words.push_back(word.text());
  if (words.empty()) value.fail("an empty list runs nothing; write [program, argument, ..]");
  return words;
}

Program program_in(Section& section) {
  Program program;
  program.argv =
      command_line_from(section.need("command", "write command: [program, argument, ..]"));
  if (const auto timeout = section.find("timeout")) program.timeout = timeout->duration();
  if (const auto env = section.find("env")) {
    for (const auto& [name, text] : env->entries()) program.env[name] = text.text();
  }
  if (program.timeout <= base::Duration::zero()) {
    section.fail("a timeout of 0 lets nothing run; write timeout: 60s");
  }
  return program;
}

Program program_from(const Value& value) {
  Section section(value);
  Program program = program_in(section);
  section.done();
  return program;
}

std::vector<std::string> filled_in(const std::vector<std::string>& argv, const Words& words) {
  std::vector<std::string> filled;
  for (std::string word : argv) {
    for (const auto& [name, text] : words) {
      const std::string mark = "{" + name + "}";
      for (std::size_t at = word.find(mark); at != word.npos;
           at = word.find(mark, at + text.size())) {
        word.replace(at, mark.size(), text);
      }
    }
    filled.push_back(std::move(word));
  }
  return filled;
}

}  // namespace rig::scenario
