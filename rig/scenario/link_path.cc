// One direction of a link profile.
#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/rig_error.h"
#include "scenario/link_profile.h"

namespace rig::scenario {
namespace {

constexpr std::uint64_t kLeastMtu = 68;  // RFC 791 section 3.2
constexpr std::uint64_t kMostMtu = 65'535;

std::string contents(const Value& name, const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) name.fail("cannot read '" + file.string() + "'; name a file beside the profile");
  return text.str();
}

link::Trace trace_from(const Value& name, const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / name.text();
  auto read = link::read_trace(contents(name, file));
  if (const auto* error = std::get_if<link::TraceError>(&read)) {
    throw base::UsageError(fmt::format("{}:{}:1: {}", file.string(), error->line, error->what));
  }
  return std::get<link::Trace>(std::move(read));
}

link::Framing framing_from(const Value& value) {
  Section section(value);
  link::Framing framing;
  const auto small = [](const std::optional<Value>& number, std::uint32_t& to) {
    if (number) to = static_cast<std::uint32_t>(number->integer(0, 10'000));
  };
  small(section.find("overhead"), framing.overhead_bytes);
  small(section.find("cell"), framing.cell_bytes);
  small(section.find("cell_overhead"), framing.cell_overhead_bytes);
  section.done();
  return framing;
}

// A number of packets, or {packets, bytes, length, policy, target, interval}.
void read_queue(const Value& value, link::Path& path) {
  const auto packets_from = [](const Value& packets) {
    return static_cast<std::uint32_t>(packets.integer(1, 1'000'000));
  };
  if (value.is_text()) {
    path.queue_packets = packets_from(value);
    return;
  }
  Section section(value);
  if (const auto packets = section.find("packets")) path.queue_packets = packets_from(*packets);
  if (const auto bytes = section.find("bytes")) path.queue.bytes = bytes->bytes();
  if (const auto length = section.find("length")) path.queue.length = length->duration();
  if (const auto policy = section.find("policy")) {
    path.queue.policy =
        static_cast<link::QueuePolicy>(policy->one_of({"drop-tail", "drop-head", "codel"}));
  }
  if (const auto target = section.find("target")) path.queue.codel_target = target->duration();
  if (const auto interval = section.find("interval")) {
    path.queue.codel_interval = interval->duration();
    if (path.queue.codel_interval == base::Duration::zero()) {
      interval->fail("an interval of 0 drops everything; write interval: 100ms");
    }
  }
  section.done();
}

// One quantile per line, in units of jitter, ascending.
std::vector<double> table_from(const Value& name, const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / name.text();
  std::istringstream text(contents(name, file));
  std::vector<double> table;
  std::uint32_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    std::size_t end = 0;
    double quantile{};
    try {
      quantile = std::stod(line, &end);
    } catch (const std::exception&) {
      end = 0;
    }
    if (end != line.size() || (!table.empty() && quantile < table.back())) {
      throw base::UsageError(
          fmt::format("{}:{}:1: '{}' is no quantile; write one number per line, none less than the "
                      "one before",
                      file.string(), number, line));
    }
    table.push_back(quantile);
  }
  if (table.empty()) name.fail("the table has no lines; write one quantile per line");
  return table;
}

// A duration, or {by, spread, correlation, table, reorders}.
void read_jitter(const Value& value, const std::filesystem::path& folder, link::Path& path) {
  if (value.is_text()) {
    path.jitter = value.duration();
    return;
  }
  Section section(value);
  link::JitterShape& shape = path.jitter_shape;
  path.jitter = section.need("by", "write by: 50ms").duration();
  if (const auto spread = section.find("spread")) {
    shape.spread =
        static_cast<link::Spread>(spread->one_of({"uniform", "normal", "pareto", "pareto-normal"}));
  }
  if (const auto table = section.find("table")) {
    shape.spread = link::Spread::table;
    shape.table = table_from(*table, folder);
  }
  if (const auto correlation = section.find("correlation")) {
    shape.correlation = correlation->fraction();
  }
  if (const auto reorders = section.find("reorders")) shape.keeps_order = !reorders->boolean();
  section.done();
}

double share_or(Section& section, const char* key, double otherwise) {
  const auto value = section.find(key);
  return value ? value->fraction() : otherwise;
}

link::LossModel four_state_from(const Value& value) {
  Section section(value);
  const link::FourState states{.p13 = share_or(section, "p13", 0),
                               .p31 = share_or(section, "p31", 0),
                               .p32 = share_or(section, "p32", 0),
                               .p23 = share_or(section, "p23", 0),
                               .p14 = share_or(section, "p14", 0)};
  section.done();
  if (states.p13 > 0 && states.p31 == 0) value.fail("a burst would never end; write p31 above 0%");
  if (states.p32 > 0 && states.p23 == 0) value.fail("state 2 is never left; write p23 above 0%");
  if (states.p13 + states.p14 > 1 || states.p31 + states.p32 > 1) {
    value.fail(
        "probabilities out of one state add up to more than 100%; lower p13 and p14, or p31 "
        "and p32");
  }
  return states;
}

link::LossModel gilbert_elliott_from(const Value& value) {
  Section section(value);
  link::GilbertElliott model;
  model.enter = section.need("enter", "write enter: 1%, of good to bad per packet").fraction();
  model.leave = section.need("leave", "write leave: 25%, of bad to good per packet").fraction();
  model.loss_bad = share_or(section, "loss_bad", 1);
  model.loss_good = share_or(section, "loss_good", 0);
  section.done();
  return model;
}

// A percentage, or {share, correlation}, {gilbert_elliott: ..} or {four_state: ..}.
void read_loss(const Value& value, link::Path& path) {
  path.loss = 0;
  path.loss_model = {};
  if (value.is_text()) {
    path.loss = value.fraction();
    return;
  }
  Section section(value);
  if (const auto model = section.find("gilbert_elliott")) {
    path.loss_model = gilbert_elliott_from(*model);
  } else if (const auto states = section.find("four_state")) {
    path.loss_model = four_state_from(*states);
  } else {
    link::CorrelatedLoss model_of;
    model_of.loss = section.need("share", "write share: 2%").fraction();
    model_of.correlation = share_or(section, "correlation", 0);
    path.loss_model = model_of;
  }
  section.done();
}

double rate_of(const Value& value) {
  if (value.is_text() && value.text() == "unlimited") return 0;
  const double rate = value.rate();
  if (rate == 0) value.fail("a rate of 0 passes nothing; write 50kbit/s, or rate: unlimited");
  return rate;
}

void read_mtu(const Value& value, link::Path& path) {
  const auto bytes_of = [](const Value& number) {
    const std::uint64_t bytes = number.bytes();
    if (bytes < kLeastMtu || bytes > kMostMtu) {
      number.fail(
          fmt::format("an MTU of {} bytes; IPv4 needs {} to {}", bytes, kLeastMtu, kMostMtu));
    }
    return static_cast<std::uint32_t>(bytes);
  };
  if (value.is_text()) {
    path.mtu = bytes_of(value);
    return;
  }
  Section section(value);
  path.mtu = bytes_of(section.need("bytes", "write bytes: 576"));
  if (const auto larger = section.find("larger")) {
    path.oversize = static_cast<link::Oversize>(
        larger->one_of({"drop", "black-hole", "fragment", "drop-fragments"}));
  }
  section.done();
}

}  // namespace

void read_path(Section& section, const std::filesystem::path& folder, link::Path& path) {
  if (const auto rate = section.find("rate")) {
    path.rate_bps = rate_of(*rate);
    path.trace = {};
  }
  if (const auto trace = section.find("trace")) path.trace = trace_from(*trace, folder);
  if (const auto delay = section.find("delay")) path.delay = delay->duration();
  if (const auto jitter = section.find("jitter")) read_jitter(*jitter, folder, path);
  if (const auto loss = section.find("loss")) read_loss(*loss, path);
  if (const auto queue = section.find("queue")) read_queue(*queue, path);
  if (const auto framing = section.find("framing")) path.framing = framing_from(*framing);
  if (const auto ecn = section.find("ecn")) path.marks = ecn->boolean();
  if (const auto mtu = section.find("mtu")) read_mtu(*mtu, path);
}

}  // namespace rig::scenario
