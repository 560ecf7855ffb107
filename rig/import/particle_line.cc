// Particle events (docs.particle.io, "Device-generated events"): the state of a device is told by
// names that begin with spark/ or particle/; any other name is the application's own.
#include <re2/re2.h>

#include <nlohmann/json.hpp>

#include "import/log_line.h"

namespace rig::import {
namespace {

struct Meaning {
  std::string_view name;
  std::string_view data;  // beginning of it
  What what;
};

constexpr Meaning kMeanings[] = {
    {"spark/status", "online", What::connected},
    {"spark/status", "offline", What::disconnected},
    {"spark/status", "auto-update", What::triggered},
    {"spark/flash/status", "started", What::downloading},
    {"spark/flash/status", "success", What::finished},
    {"spark/flash/status", "failed", What::failed},
    {"fw-update", "begin", What::downloading},
    {"fw-update", "success", What::finished},
    {"fw-update", "fail", What::failed},
    {"spark/device/last_reset", "", What::reset_reported},
    {"spark/status/safe-mode", "", What::safe_mode},
    {"spark/safe-mode-updater/updating", "", What::triggered},
    {"spark/device/safemode", "", What::safe_mode},
    {"spark/device/app-hash", "", What::version},
};

struct Parts {
  std::string name;
  std::string data;
  std::string published;
};

// Values that are no text (ttl is a number, data may be null) are as good as absent.
std::string text_at(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<Parts> from_json(std::string_view whole) {
  if (!whole.starts_with('{')) return std::nullopt;
  const auto object = nlohmann::json::parse(whole, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  Parts parts{text_at(object, "name"), text_at(object, "data"), text_at(object, "published_at")};
  if (parts.name.empty()) parts.name = text_at(object, "event");
  if (parts.name.empty()) return std::nullopt;
  return parts;
}

std::optional<Parts> from_text(std::string_view whole) {
  static const re2::RE2 kEvent(
      R"re(([\w/.-]+),? +"?(.*?)"?,? *(?:from \S+ )?published at (\S.*?)\s*)re");
  Parts parts;
  if (!re2::RE2::FullMatch(re2::StringPiece(whole.data(), whole.size()), kEvent, &parts.name,
                           &parts.data, &parts.published)) {
    return std::nullopt;
  }
  return parts;
}

What meaning_of(const Parts& parts) {
  for (const Meaning& meaning : kMeanings) {
    std::string name = parts.name;
    if (name.starts_with("particle/")) name = "spark" + name.substr(8);
    if (name == meaning.name && parts.data.starts_with(meaning.data)) return meaning.what;
  }
  return What::text;
}

}  // namespace

bool read_particle(std::string_view whole, LogLine& line, std::string& problem) {
  auto parts = from_json(whole);
  if (!parts) parts = from_text(whole);
  if (!parts) return false;
  const StampReading reading = take_stamp(parts->published);
  if (!reading.stamp) {
    problem = reading.problem.empty() ? "event '" + parts->name +
                                            "' does not say when it was published; wanted "
                                            "published_at with an ISO 8601 time"
                                      : reading.problem;
    return true;
  }
  line.stamp = *reading.stamp;
  line.dialect = Dialect::particle;
  line.what = meaning_of(*parts);
  line.text = parts->data.empty() ? parts->name : parts->name + " " + parts->data;
  return true;
}

}  // namespace rig::import
