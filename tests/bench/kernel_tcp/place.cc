#include "bench/kernel_tcp/place.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace rig::bench {
namespace {

void set(const char* name, const char* value) {
  const std::string path = std::string("/proc/sys/net/ipv4/") + name;
  std::ofstream file(path);
  file << value << std::flush;
  if (!file) throw std::system_error(errno, std::generic_category(), "writing " + path);
}

void address(int socket, const char* device, unsigned long what, const char* text) {
  ifreq request{};
  std::strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  inet_pton(AF_INET, text, &to.sin_addr);
  std::memcpy(&request.ifr_addr, &to, sizeof to);
  static_cast<void>(checked(ioctl(socket, what, &request), std::string("giving ") + text));
}

}  // namespace

int checked(int result, const std::string& attempted) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), attempted);
  return result;
}

int enter_namespace(const char* own) {
  static_cast<void>(checked(unshare(CLONE_NEWNET), "making a network namespace (needs root)"));
  const int tun = checked(open("/dev/net/tun", O_RDWR | O_NONBLOCK), "opening /dev/net/tun");
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  static_cast<void>(checked(ioctl(tun, TUNSETIFF, &request), "making a TUN device"));
  const int control = checked(socket(AF_INET, SOCK_DGRAM, 0), "opening a socket");
  address(control, request.ifr_name, SIOCSIFADDR, own);
  address(control, request.ifr_name, SIOCSIFNETMASK, "255.255.255.0");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  static_cast<void>(checked(ioctl(control, SIOCSIFFLAGS, &request), "setting a TUN device up"));
  close(control);
  for (const char* off : {"tcp_sack", "tcp_timestamps", "tcp_window_scaling"}) set(off, "0");
  set("tcp_congestion_control", "reno");
  set("tcp_no_metrics_save", "1");
  set("tcp_wmem", "4096 4194304 8388608");
  return tun;
}

}  // namespace rig::bench
