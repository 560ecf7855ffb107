// The words that a device profile, the runner and the judge share: names of observations (first
// word of an `observed` event) and names of deadlines (text of a `deadline` event). A device
// profile maps a product's console lines to these; nothing above the profile knows the lines
// themselves.
#pragma once

#include <cstdint>
#include <string_view>

namespace rig::record {

// Observations. Fields that the judge reads stand behind the name; a profile may add more. An
// observation that enters an update phase carries `phase=NAME` as its last field.
namespace seen {
inline constexpr std::string_view kBoot = "boot";          // ver reset retry: the first code runs
inline constexpr std::string_view kCopy = "copy";          // module ver: an image is being applied
inline constexpr std::string_view kCopied = "copied";      // module result=ok|error
inline constexpr std::string_view kDropped = "dropped";    // reason: a pending update is forgotten
inline constexpr std::string_view kDfu = "dfu";            // reason: waits for a local tool
inline constexpr std::string_view kSystem = "system";      // ver mode user user_state apn_store
inline constexpr std::string_view kUser = "user";          // ver: the user application runs
inline constexpr std::string_view kApn = "apn";            // apn source: what the modem is told
inline constexpr std::string_view kRefused = "refused";    // apn: the network said no
inline constexpr std::string_view kAttached = "attached";  // ip
inline constexpr std::string_view kOnline = "online";      // mode user system bootloader
inline constexpr std::string_view kUpdateBegin = "update-begin";  // module, ver if told
// reason, and where the device tells them bytes of: how far this try came, of how many
inline constexpr std::string_view kUpdateAbandoned = "update-abandoned";
inline constexpr std::string_view kDirect = "direct";        // module: an in-place copy begins
inline constexpr std::string_view kResetting = "resetting";  // reason: the device restarts itself
inline constexpr std::string_view kPanic = "panic";          // code
}  // namespace seen

// Waits of the runner that can expire.
namespace wait {
inline constexpr std::string_view kBaselineOnline = "baseline-online";
inline constexpr std::string_view kRecoveryOnline = "recovery-online";
inline constexpr std::string_view kUpdateFinished = "update-finished";
inline constexpr std::string_view kRebootOnline = "clean-reboot-online";
inline constexpr std::string_view kSecondUpdate = "second-update";
}  // namespace wait

// First words of notes on lane `link`, the space included; other notes there are about a direction.
namespace link_note {
inline constexpr std::string_view kPacketFile = "pcap ";  // FILE: where the packets were written to
inline constexpr std::string_view kTcpModel = "tcp ";     // how far the rig's model of TCP is off
}  // namespace link_note

// Value of a console line that a loss of power broke off: its last word is not read, for
// "apn_store=n" is not what the device was about to say.
inline constexpr std::uint64_t kBrokenOff = 1;

// Phase of a cycle between the first offer and the first phase that the device shows.
inline constexpr std::string_view kIdlePhase = "idle";

}  // namespace rig::record
