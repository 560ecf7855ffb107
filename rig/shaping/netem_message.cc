#include "shaping/netem_message.h"

#include <fmt/format.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace rig::shaping {
namespace {

constexpr std::uint32_t kWhole = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kTickNs = 64;  // of the times in tc_netem_qopt
constexpr double kSmallPacket = 40;    // bytes; so many at most are under way

static_assert(sizeof(tc_netem_qopt) == 24 && sizeof(tc_netem_rate) == 16);

template <class Plain>
Plain read_plain(const Attributes& attributes, std::uint16_t type) {
  Plain plain{};
  const auto found = attributes.find(type);
  if (found == attributes.end() || found->second.size() < sizeof plain) return plain;
  std::memcpy(&plain, found->second.data(), sizeof plain);
  return plain;
}

std::uint32_t clamped(std::uint64_t value) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, kWhole));
}

}  // namespace

NetemSettings netem_of(const link::Path& path) {
  const double delayed = path.rate_bps / 8 * base::to_seconds(path.delay) / kSmallPacket;
  NetemSettings settings{
      .latency_ns = static_cast<std::uint64_t>(path.delay.count()),
      .rate_bytes_s = static_cast<std::uint64_t>(path.rate_bps / 8),
      .limit = clamped(path.queue_packets + static_cast<std::uint64_t>(std::ceil(delayed)) + 1),
      .loss = static_cast<std::uint32_t>(std::llround(path.loss * kWhole))};
  if (settings.rate_bytes_s == 0) return settings;
  settings.packet_overhead = static_cast<std::int32_t>(path.framing.overhead_bytes) -
                             static_cast<std::int32_t>(base::kEthernetBytes);
  settings.cell_bytes = path.framing.cell_bytes;
  if (settings.cell_bytes > 0) {
    settings.cell_overhead = static_cast<std::int32_t>(path.framing.cell_overhead_bytes);
  }
  return settings;
}

void add_netem(NetlinkMessage& message, const NetemSettings& settings) {
  message.add_attribute(TCA_KIND, std::string("netem"));
  const std::size_t options = message.begin(TCA_OPTIONS);
  tc_netem_qopt head{};
  head.latency = clamped(settings.latency_ns / kTickNs);
  head.limit = settings.limit;
  head.loss = settings.loss;
  message.add(head);
  message.add_number(TCA_NETEM_LATENCY64, static_cast<std::int64_t>(settings.latency_ns));
  tc_netem_rate rate{};
  rate.rate = clamped(settings.rate_bytes_s);
  rate.packet_overhead = settings.packet_overhead;
  rate.cell_size = settings.cell_bytes;
  rate.cell_overhead = settings.cell_overhead;
  message.add_number(TCA_NETEM_RATE, rate);
  if (settings.rate_bytes_s > kWhole) {
    message.add_number(TCA_NETEM_RATE64, settings.rate_bytes_s);
  }
  message.end(options);
}

NetemSettings netem_in(base::ByteView options) {
  tc_netem_qopt head{};
  if (options.size() < sizeof head) return {.limit = 0};
  std::memcpy(&head, options.data(), sizeof head);
  const Attributes attributes = attributes_in(options.subspan(sizeof head));
  const auto rate = read_plain<tc_netem_rate>(attributes, TCA_NETEM_RATE);
  NetemSettings settings{.latency_ns = head.latency * kTickNs,
                         .rate_bytes_s = rate.rate,
                         .packet_overhead = rate.packet_overhead,
                         .cell_bytes = rate.cell_size,
                         .cell_overhead = rate.cell_overhead,
                         .limit = head.limit,
                         .loss = head.loss};
  if (attributes.contains(TCA_NETEM_LATENCY64)) {
    settings.latency_ns = read_plain<std::uint64_t>(attributes, TCA_NETEM_LATENCY64);
  }
  if (attributes.contains(TCA_NETEM_RATE64)) {
    settings.rate_bytes_s = read_plain<std::uint64_t>(attributes, TCA_NETEM_RATE64);
  }
  return settings;
}

std::vector<std::string> differences(const NetemSettings& asked, const NetemSettings& has) {
  std::vector<std::string> all;
  const auto compare = [&all](const char* name, auto wanted, auto found) {
    if (wanted != found) {
      all.push_back(fmt::format("{}: asked for {}, has {}", name, wanted, found));
    }
  };
  compare("latency_ns", asked.latency_ns, has.latency_ns);
  compare("rate_bytes_s", asked.rate_bytes_s, has.rate_bytes_s);
  compare("packet_overhead", asked.packet_overhead, has.packet_overhead);
  compare("cell_bytes", asked.cell_bytes, has.cell_bytes);
  compare("cell_overhead", asked.cell_overhead, has.cell_overhead);
  compare("limit", asked.limit, has.limit);
  compare("loss", asked.loss, has.loss);
  return all;
}

}  // namespace rig::shaping
