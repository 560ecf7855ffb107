// Network interfaces of this machine (of the calling thread's namespace), as engines need them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rig::shaping {

// Longest name of one: IFNAMSIZ without its zero.
inline constexpr std::size_t kLongestInterfaceName = 15;

// Throws base::UsageError that names those there are.
[[nodiscard]] int interface_index(const std::string& name);
[[nodiscard]] std::vector<std::string> interface_names();
// Throws base::UsageError when board and server are said to be at the same one.
void refuse_one_for_both(const std::string& board_side, const std::string& server_side);

// Each throws base::RigError; for want of rights, with the capability.
// An IPv4 address: then this machine's own kernel answers what arrives there.
[[nodiscard]] bool has_address(const std::string& name);
[[nodiscard]] std::uint32_t mtu_of(const std::string& name);
void raise_interface(const std::string& name);
void set_mtu(const std::string& name, std::uint32_t mtu);
void set_address(const std::string& name, std::uint32_t address, unsigned prefix_bits);

// What makes an interface hand over packets that never were on a wire: several in one, or without
// checksums. A link shaped with these on would shape something else.
enum class Offload : std::uint8_t { receive_merging, segmentation, tcp_segmentation, checksums };

[[nodiscard]] std::string name_of(Offload offload);  // as ethtool -K has it: "gro"
[[nodiscard]] bool is_on(const std::string& interface, Offload offload);
// Reads back what it set. Throws base::RigError when the driver refuses.
void set(const std::string& interface, Offload offload, bool on);

// These offloads are off while this lives; those that were on are on again afterwards.
class WithoutOffloads {
 public:
  WithoutOffloads(std::string interface, std::vector<Offload> offloads);
  ~WithoutOffloads();
  WithoutOffloads(const WithoutOffloads&) = delete;
  WithoutOffloads& operator=(const WithoutOffloads&) = delete;

  [[nodiscard]] const std::vector<Offload>& were_on() const { return were_on_; }

 private:
  void restore() noexcept;
  std::string interface_;
  std::vector<Offload> were_on_;
};

}  // namespace rig::shaping
