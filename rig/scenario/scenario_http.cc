#include <fmt/core.h>

#include <charconv>

#include "scenario/link_profile.h"
#include "scenario/scenario_sections.h"

namespace rig::scenario {
namespace {

using ota::HttpFault;

constexpr std::uint64_t kMostRequests = 1'000'000;

// "+100", "-5": what Content-Length is off by.
std::int64_t offset_from(const Value& value) {
  const std::string text = value.text();
  const char* const end = text.data() + text.size();
  const char* const begin = text.data() + (text.front() == '+' ? 1 : 0);
  std::int64_t off = 0;
  const auto [read, error] = std::from_chars(begin, end, off);
  if (error != std::errc{} || read != end || off == 0) {
    value.fail("'" + text + "' is nothing to be off by; write bytes with a sign, as in +100 or -5");
  }
  return off;
}

std::uint64_t pace_from(const Value& value) {
  const double rate = value.rate();
  if (rate < 8) {
    value.fail(
        "a server that writes less than a byte per second is a stall; write at least 8bit/s");
  }
  return static_cast<std::uint64_t>(rate / 8);
}

std::uint16_t status_from(const Value& value) {
  return static_cast<std::uint16_t>(value.integer(400, 599));
}

std::string location_from(const Value& value) {
  const std::string location = value.text();
  if (location.front() != '/' && location.rfind("http://", 0) != 0) {
    value.fail("'" + location + "' is no place to redirect to; write /imp/3 or http://host/path");
  }
  return location;
}

// What goes wrong: exactly one of these keys.
HttpFault kind_from(const Value& value, Section& section) {
  std::vector<HttpFault> found;
  const auto take = [&](const char* key, HttpFault::Kind kind, auto&& fill) {
    if (const auto named = section.find(key)) {
      HttpFault fault{.kind = kind};
      fill(*named, fault);
      found.push_back(std::move(fault));
    }
  };
  using Kind = HttpFault::Kind;
  const auto bytes = [](const Value& named, HttpFault& fault) { fault.bytes = named.bytes(); };
  take("status", Kind::status,
       [](const Value& named, HttpFault& fault) { fault.status = status_from(named); });
  take("redirect", Kind::redirect,
       [](const Value& named, HttpFault& fault) { fault.location = location_from(named); });
  take("content_length", Kind::length,
       [](const Value& named, HttpFault& fault) { fault.off = offset_from(named); });
  take("stall", Kind::stall, bytes);
  take("truncate", Kind::truncate, bytes);
  take("reset", Kind::reset, bytes);
  take("slow", Kind::slow,
       [](const Value& named, HttpFault& fault) { fault.bytes = pace_from(named); });
  if (found.size() != 1) {
    value.fail(
        "a fault does one thing; write one of status, redirect, content_length, stall, truncate, "
        "reset and slow, as in {stall: 27KB, for: 10min}");
  }
  return found.front();
}

HttpFault fault_from(const Value& value) {
  Section section(value);
  HttpFault fault = kind_from(value, section);
  if (fault.kind == HttpFault::Kind::status) {
    if (const auto wait = section.find("retry_after")) fault.retry_after = wait->duration();
  }
  if (fault.kind == HttpFault::Kind::stall) {
    if (const auto pause = section.find("for")) fault.pause = pause->duration();
  }
  if (const auto first = section.find("first")) {
    fault.first_request = static_cast<std::uint32_t>(first->integer(1, kMostRequests));
  }
  if (const auto requests = section.find("requests")) {
    fault.requests = static_cast<std::uint32_t>(requests->integer(1, kMostRequests));
  }
  section.done();
  return fault;
}

}  // namespace

namespace {

ota::HttpSettings http_of(Section& section) {
  ota::HttpSettings http;
  if (const auto path = section.find("path")) {
    http.path = path->text();
    if (http.path.front() != '/') path->fail("a path begins with /, as in /imp/");
  }
  if (const auto ranges = section.find("ranges")) http.ranges = ranges->boolean();
  if (const auto idle = section.find("keep_alive")) http.keep_alive = idle->duration();
  if (const auto faults = section.find("faults")) {
    for (const Value& each : faults->list()) http.faults.push_back(fault_from(each));
  }
  return http;
}

}  // namespace

ota::HttpSettings http_from(const Value& value) {
  Section section(value);
  ota::HttpSettings http = http_of(section);
  if (const auto port = section.find("port")) {
    http.port = static_cast<std::uint16_t>(port->integer(1, 65'535));
  }
  section.done();
  return http;
}

Portal portal_from(const Value& value) {
  Section section(value);
  Portal portal;
  const auto at = endpoint_from(section.need("at", "write at: '10.66.0.1:80'"));
  portal.address = at.address;
  portal.http = http_of(section);
  portal.http.port = at.port;
  section.done();
  return portal;
}

tcp::Personality transport_from(const Value& value) {
  Section section(value);
  tcp::Personality transport = tcp::cellular_module();
  if (const auto stack = section.find("stack")) {
    if (stack->one_of({"module", "lwip"}) == 1) transport = tcp::small_device(4);
  }
  if (const auto mss = section.find("mss")) {
    transport.mss = static_cast<std::uint16_t>(mss->integer(28, 1460));
  }
  if (const auto window = section.find("window_segments")) {
    const std::uint64_t most = 65'535U / transport.mss;
    transport.window = static_cast<std::uint16_t>(window->integer(1, most) * transport.mss);
  }
  if (const auto first = section.find("first_timeout")) transport.first_timeout = first->duration();
  section.done();
  return transport;
}

}  // namespace rig::scenario
