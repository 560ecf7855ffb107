// The key `link` of a board: which engine shapes the path to its server, and where.
#include <array>

#include "scenario/bench_sections.h"

namespace rig::scenario {
namespace {

constexpr std::array kEngines{LinkEngine::relay, LinkEngine::packets, LinkEngine::netem};

constexpr std::uint64_t kLargestMss = 65'495;  // IPv4's 65535 less two headers

LinkEngine engine_from(const Value& value) {
  std::vector<std::string> names;
  for (const LinkEngine each : kEngines) names.push_back(name_of(each));
  return kEngines[value.one_of(names)];
}

ForwardSpec forward_from(const Value& value, UsedPorts& ports) {
  Section section(value);
  ForwardSpec forward;
  forward.where = value.where();
  const Value listen = section.need("listen", "write listen: '0.0.0.0:8080'");
  forward.listen = listen.text();
  forward.to = section.need("to", "write to: 'server.example:80'").text();
  if (const auto protocol = section.find("protocol")) {
    forward.udp = protocol->one_of({"tcp", "udp"}) == 1;
  }
  section.done();
  ports.take(listen, (forward.udp ? "udp " : "tcp ") + forward.listen);
  return forward;
}

void read_relay(Section& section, LinkSpec& spec, UsedPorts& ports) {
  const Value forwards = section.need(
      "forwards", "write forwards: [{listen: '0.0.0.0:8080', to: 'server.example:80'}]");
  for (const Value& each : forwards.list()) spec.forwards.push_back(forward_from(each, ports));
  if (spec.forwards.empty()) forwards.fail("a relay without a port carries nothing");
  if (const auto mss = section.find("mss")) {
    spec.mss = static_cast<std::uint16_t>(mss->integer(1, kLargestMss));
  }
}

void read_interfaces(Section& section, LinkSpec& spec, UsedPorts& ports) {
  for (auto [key, into] :
       {std::pair{"board_side", &spec.board_side}, std::pair{"server_side", &spec.server_side}}) {
    const Value name =
        section.need(key, std::string("name a network interface, as in ") + key + ": eth1");
    *into = name.text();
    ports.take(name, "interface " + *into);
  }
}

}  // namespace

std::string name_of(LinkEngine engine) {
  switch (engine) {
    case LinkEngine::relay:
      return "relay";
    case LinkEngine::packets:
      return "packets";
    case LinkEngine::netem:
      return "netem";
  }
  return {};
}

LinkSpec link_spec_from(const Value& value, UsedPorts& ports) {
  Section section(value);
  LinkSpec spec;
  spec.where = value.where();
  spec.engine = engine_from(section.need("engine", "write engine: packets, relay or netem"));
  if (spec.engine == LinkEngine::relay) {
    read_relay(section, spec, ports);
  } else {
    read_interfaces(section, spec, ports);
  }
  section.done();
  return spec;
}

}  // namespace rig::scenario
