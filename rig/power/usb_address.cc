#include "power/usb_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "power/switch_error.h"

namespace rig::power {
namespace {

using Matches = std::vector<const UsbCandidate*>;

// Found on every board of a production run (usb-relay-hid issue 40, usbrelay issue 18).
constexpr std::array<std::string_view, 6> kSharedSerials{"HURTM", "959BI",   "QMBS",
                                                         "A0001", "0x63813", "0001"};

bool is_letter_or_digit(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= 'a' && letter <= 'z');
}

bool is_printable(char letter) {
  return is_letter_or_digit(letter) || letter == '-' || letter == '_' || letter == '.';
}

bool has_id(const UsbKind& kind, const UsbCandidate& candidate) {
  return std::ranges::any_of(kind.ids, [&](const UsbId& id) {
    return id.vendor_id == candidate.vendor_id &&
           (id.product_id == 0 || id.product_id == candidate.product_id);
  });
}

Matches of_kind(std::span<const UsbCandidate> plugged_in, const UsbKind& kind) {
  Matches matches;
  for (const UsbCandidate& each : plugged_in) {
    if (is_kind(kind, each)) matches.push_back(&each);
  }
  return matches;
}

std::string list(const Matches& matches) {
  std::string text = "candidates:";
  for (const UsbCandidate* each : matches) text += "\n  " + describe(*each);
  return matches.empty() ? "none is plugged in" : text;
}

const UsbCandidate& at_port(std::span<const UsbCandidate> plugged_in, const UsbKind& kind,
                            const UsbAddress& address) {
  const std::string attempt = fmt::format("find {} at USB port {}", kind.name, address.port_path);
  const auto found = std::ranges::find(plugged_in, address.port_path, &UsbCandidate::port_path);
  if (found == plugged_in.end()) {
    throw SwitchError(Fault::absent, attempt, list(of_kind(plugged_in, kind)));
  }
  if (!is_kind(kind, *found)) {
    throw SwitchError(Fault::wrong_device, attempt, "there is " + describe(*found));
  }
  const bool other = !address.serial.empty() && found->serial != address.serial;
  if (!other) return *found;
  throw SwitchError(
      Fault::wrong_device, attempt,
      fmt::format("expected serial \"{}\"; there is {}", address.serial, describe(*found)));
}

const UsbCandidate& the_only(const Matches& matches, const UsbKind& kind, const Matches& all) {
  if (matches.size() == 1) return *matches.front();
  if (matches.empty()) throw SwitchError(Fault::absent, "find " + kind.name, list(all));
  throw base::UsageError(fmt::format("{}: {} fit; name one by its USB port path; {}", kind.name,
                                     matches.size(), list(matches)));
}

const UsbCandidate& with_serial(const Matches& all, const UsbKind& kind,
                                const std::string& serial) {
  if (!is_sane_serial(serial)) {
    throw base::UsageError(
        fmt::format("{}: serial \"{}\" tells no board from another; name its "
                    "USB port path; {}",
                    kind.name, serial, list(all)));
  }
  Matches matches;
  std::ranges::copy_if(all, std::back_inserter(matches),
                       [&](const UsbCandidate* each) { return each->serial == serial; });
  return the_only(matches, kind, all);
}

std::string printable(std::string_view text) {
  std::string result;
  for (const char letter : text) result += letter >= ' ' && letter <= '~' ? letter : '?';
  return result;
}

}  // namespace

bool is_kind(const UsbKind& kind, const UsbCandidate& candidate) {
  return has_id(kind, candidate) && candidate.product.starts_with(kind.product_prefix);
}

bool is_sane_serial(std::string_view serial) {
  constexpr std::size_t kShortest = 3;
  if (serial.size() < kShortest || !std::ranges::all_of(serial, is_printable)) return false;
  if (std::ranges::count(serial, serial.front()) == std::ssize(serial)) return false;
  return std::ranges::find(kSharedSerials, serial) == kSharedSerials.end();
}

std::string describe(const UsbCandidate& candidate) {
  std::string nodes;
  for (const std::string& node : candidate.nodes) nodes += " " + node;
  return fmt::format("{} {:04x}:{:04x} \"{}\" serial \"{}\"{}", candidate.port_path,
                     candidate.vendor_id, candidate.product_id, printable(candidate.product),
                     printable(candidate.serial), nodes);
}

const UsbCandidate& choose(std::span<const UsbCandidate> plugged_in, const UsbKind& kind,
                           const UsbAddress& address) {
  if (!address.port_path.empty()) return at_port(plugged_in, kind, address);
  const Matches all = of_kind(plugged_in, kind);
  if (!address.serial.empty()) return with_serial(all, kind, address.serial);
  if (!kind.says_who_it_is) {
    throw base::UsageError(
        fmt::format("{}: nothing tells this chip from any other of its kind; "
                    "name its USB port path; {}",
                    kind.name, list(all)));
  }
  return the_only(all, kind, all);
}

}  // namespace rig::power
