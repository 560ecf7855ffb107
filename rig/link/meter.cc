#include "link/meter.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace rig::link {
namespace {

using base::Direction;
using base::Duration;

constexpr int kStepBits = 5;  // 32 steps to an octave
constexpr std::uint64_t kSteps = 1U << kStepBits;

std::size_t bucket_of(std::uint64_t value) {
  if (value < kSteps) return static_cast<std::size_t>(value);
  const int octave = static_cast<int>(std::bit_width(value)) - 1 - kStepBits;
  return static_cast<std::size_t>((static_cast<std::uint64_t>(octave) << kStepBits) +
                                  (value >> octave));
}

// The greatest value of a bucket.
std::uint64_t top_of(std::size_t bucket) {
  if (bucket < kSteps) return bucket;
  const std::uint64_t octave = (bucket >> kStepBits) - 1;
  return ((bucket - (octave << kStepBits) + 1) << octave) - 1;
}

std::string fixed(double value, int digits) {
  const double scale = std::pow(10, digits);
  std::string text = std::to_string(std::round(value * scale) / scale);
  const std::size_t point = text.find('.');
  return text.substr(0, digits == 0 ? point : point + 1 + static_cast<std::size_t>(digits));
}

double share_of(const Meter::Way& way, double packets) {
  return way.offered_packets == 0 ? 0 : packets / static_cast<double>(way.offered_packets);
}

// A field has no spaces in it.
std::string reasons(const Meter::Way& way) {
  std::string text;
  for (const auto& [reason, count] : way.dropped) {
    text += (text.empty() ? "" : ",") + reason + ":" + std::to_string(count);
  }
  std::ranges::replace(text, ' ', '_');
  return text;
}

std::string to_text(const Meter::Way& way) {
  std::string text = std::to_string(way.delivered_packets) + " packets, " +
                     std::to_string(way.delivered_bytes) + " bytes";
  if (way.dropped_packets() > 0) {
    text += ", " + std::to_string(way.dropped_packets()) + " lost (" + fixed(way.loss() * 100, 1) +
            " %:";
    for (const auto& [reason, count] : way.dropped) {
      text += " " + reason + " " + std::to_string(count) + ",";
    }
    text.back() = ')';
  }
  if (way.marked_packets > 0) text += ", " + std::to_string(way.marked_packets) + " ECN-marked";
  if (way.late.most() > Duration::zero()) {
    const auto us = [](Duration size) { return fixed(base::to_seconds(size) * 1e6, 0); };
    text += ", departures late by p50 " + us(way.late.quantile(0.5)) + " p99 " +
            us(way.late.quantile(0.99)) + " most " + us(way.late.most()) + " us, rate off by " +
            fixed(way.rate_error() * 100, 3) + " %";
  }
  return text;
}

}  // namespace

void ErrorSizes::add(Duration size) {
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(size.count()));
  if (counts_.size() <= bucket) counts_.resize(bucket + 1);
  ++counts_[bucket];
  ++total_;
  most_ = std::max(most_, size);
}

Duration ErrorSizes::quantile(double share) const {
  const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::min(most_, Duration(static_cast<std::int64_t>(top_of(bucket))));
  }
  return most_;
}

std::uint64_t Meter::Way::dropped_packets() const {
  std::uint64_t all = 0;
  for (const auto& [reason, count] : dropped) all += count;
  return all;
}

double Meter::Way::loss() const { return share_of(*this, static_cast<double>(dropped_packets())); }

double Meter::Way::applied_loss() const {
  const auto by_chance = dropped.find(kLostByChance);
  return by_chance == dropped.end() ? 0 : share_of(*this, static_cast<double>(by_chance->second));
}

double Meter::Way::asked_loss() const { return share_of(*this, asked_losses); }

double Meter::Way::rate_error() const {
  const Duration actual = last_actual - first_actual;
  if (delivered_packets < 2 || actual <= Duration::zero()) return 0;
  return base::to_seconds(last_ideal - first_ideal) / base::to_seconds(actual) - 1;
}

void Meter::offered(Direction direction, std::uint64_t wire_bytes) {
  ++of(direction).offered_packets;
  of(direction).offered_bytes += wire_bytes;
}

void Meter::delivered(const Delivery& delivery, base::Instant actual) {
  Way& way = of(delivery.direction);
  if (way.delivered_packets++ == 0) {
    way.first_ideal = delivery.at;
    way.first_actual = actual;
  }
  way.delivered_bytes += delivery.packet.wire_bytes();
  if (delivery.packet.ecn == base::kCongestionExperienced) ++way.marked_packets;
  way.last_ideal = delivery.at;
  way.last_actual = actual;
  way.late.add(actual - delivery.at);
}

void Meter::dropped(const Drop& drop) { ++of(drop.direction).dropped[drop.reason]; }

std::string to_text(const Meter& meter) {
  return "up " + to_text(meter.way(Direction::up)) + "; down " +
         to_text(meter.way(Direction::down));
}

std::string to_fields(const Meter::Way& way) {
  const auto us = [](Duration size) { return fixed(base::to_seconds(size) * 1e6, 0); };
  return "offered=" + std::to_string(way.offered_packets) +
         " delivered=" + std::to_string(way.delivered_packets) +
         " bytes=" + std::to_string(way.delivered_bytes) +
         " lost=" + std::to_string(way.dropped_packets()) + " loss=" + fixed(way.loss(), 4) +
         " applied_loss=" + fixed(way.applied_loss(), 4) +
         " asked_loss=" + fixed(way.asked_loss(), 4) +
         " marked=" + std::to_string(way.marked_packets) +
         " late_p50_us=" + us(way.late.quantile(0.5)) +
         " late_p99_us=" + us(way.late.quantile(0.99)) + " late_max_us=" + us(way.late.most()) +
         " rate_error_ppm=" + fixed(way.rate_error() * 1e6, 0) +
         (way.dropped.empty() ? "" : " dropped=" + reasons(way));
}

}  // namespace rig::link
