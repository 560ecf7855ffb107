// Boxes on the way that are more than a line: resolvers that lie, portals.
#include <array>
#include <charconv>

#include "modem/core.h"
#include "scenario/link_profile.h"

namespace rig::scenario {
namespace {

std::uint32_t ipv4_from(const Value& value, std::string_view text) {
  const auto address = modem::address_from(text);
  if (!address || *address == 0) {
    value.fail("'" + std::string(text) + "' is no IPv4 address; write 10.66.0.1");
  }
  return *address;
}

}  // namespace

base::Endpoint endpoint_from(const Value& value) {
  const std::string text = value.text();
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) value.fail("'" + text + "' has no port; write '10.66.0.1:80'");
  const std::string_view digits = std::string_view(text).substr(colon + 1);
  base::Endpoint at;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), at.port);
  if (error != std::errc{} || end != digits.data() + digits.size() || at.port == 0) {
    value.fail("'" + text + "' has no port from 1 to 65535; write '10.66.0.1:80'");
  }
  at.address = ipv4_from(value, std::string_view(text).substr(0, colon));
  return at;
}

// names: {answer: 10.66.0.1}, or {fails: no-such-name}
link::Effect names_from(const Value& value) {
  constexpr std::array kCodes{base::DnsCode::no_such_name, base::DnsCode::server_failure,
                              base::DnsCode::refused};
  Section section(value);
  link::Names names;
  const auto answer = section.find("answer");
  const auto fails = section.find("fails");
  if (answer.has_value() == fails.has_value()) {
    section.fail("say one thing of names; write {answer: 10.66.0.1}, or {fails: no-such-name}");
  }
  if (answer) names.address = ipv4_from(*answer, answer->text());
  if (fails) names.code = kCodes[fails->one_of({"no-such-name", "server-failure", "refused"})];
  section.done();
  return names;
}

link::Effect divert_from(const Value& value) { return link::Divert{endpoint_from(value)}; }

}  // namespace rig::scenario
