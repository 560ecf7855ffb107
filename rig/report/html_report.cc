#include "report/html_report.h"

#include <nlohmann/json.hpp>

#include "report/html_assets.h"
#include "report/html_data.h"
#include "report/json_report.h"
#include "report/xml_writer.h"

namespace rig::report {
namespace {

// A script element ends at the first "</script", whatever its type: no '<' may appear in the data.
// In JSON it can stand only inside strings, where \u003c is the same character.
std::string inside_script(const std::string& json_text) {
  std::string out;
  out.reserve(json_text.size() + json_text.size() / 16);
  for (const char c : json_text) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string part_named(std::string_view name, const ReportInput& input) {
  if (name == "title") return xml_escaped(input.title);
  if (name == "style") return assets::styles();
  if (name == "script") return assets::script();
  if (name == "data") return inside_script(dumped(html_data(input)));
  return "";
}

}  // namespace

std::string html(const ReportInput& input) {
  std::string_view page = assets::page();
  std::string out;
  // One pass over the template: what is filled in is never searched for marks again.
  for (auto open = page.find("{{"); open != std::string_view::npos; open = page.find("{{")) {
    const auto close = page.find("}}", open);
    out += page.substr(0, open);
    out += part_named(page.substr(open + 2, close - open - 2), input);
    page.remove_prefix(close + 2);
  }
  return out += page;
}

}  // namespace rig::report
