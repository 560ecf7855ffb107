// A sysfs and a /dev in a folder, laid out as the kernel lays them out for USB serial ports.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "console/port_info.h"
#include "unit/console/pseudo_terminal.h"

namespace rig::console {

class FakeUsb {
 public:
  struct Device {
    std::string port{};
    std::string interface { "00" };
    std::string serial{};
    std::string tty{};
    std::string vendor{"0403"};
    std::string product{"6001"};
    std::string node{"/dev/null"};  // what opens when its node is opened
  };

  FakeUsb() {
    for (const char* each : {"sys/class/tty", "sys/bus/usb/devices", "dev/serial/by-id",
                             "dev/serial/by-path", "sys/devices/usb"}) {
      std::filesystem::create_directories(folder_.path() / each);
    }
  }

  [[nodiscard]] PortRoots roots() const {
    return {.sys = folder_.path() / "sys", .dev = folder_.path() / "dev"};
  }
  [[nodiscard]] std::string dev(const std::string& name) const {
    return folder_.path() / "dev" / name;
  }

  void plug(const Device& device) {
    const auto usb = roots_path("sys/devices/usb") / device.port;
    const auto interface = usb / (device.port + ":1." + device.interface);
    const auto tty = interface / device.tty / "tty" / device.tty;
    std::filesystem::create_directories(tty);
    write(usb / "idVendor", device.vendor);
    write(usb / "idProduct", device.product);
    write(usb / "manufacturer", "FTDI");
    write(usb / "product", "USB UART");
    if (!device.serial.empty()) write(usb / "serial", device.serial);
    write(interface / "bInterfaceNumber", device.interface);
    std::filesystem::create_symlink(interface / device.tty, tty / "device");
    std::filesystem::create_symlink(tty, roots_path("sys/class/tty") / device.tty);
    const auto bus = roots_path("sys/bus/usb/devices") / device.port;
    if (!std::filesystem::is_symlink(bus)) std::filesystem::create_symlink(usb, bus);
    std::filesystem::create_symlink(device.node, dev(device.tty));
  }

  void unplug(const std::string& port, const std::string& tty) {
    for (const auto& each :
         {roots_path("sys/class/tty") / tty, roots_path("sys/bus/usb/devices") / port,
          roots_path("sys/devices/usb") / port, roots_path("dev") / tty}) {
      std::filesystem::remove_all(each);
    }
  }

  void add_uart(const std::string& tty, const std::string& type) {
    const auto device = roots_path("sys/devices/platform") / tty;
    std::filesystem::create_directories(device);
    std::filesystem::create_directories(roots_path("sys/class/tty") / tty);
    std::filesystem::create_symlink(device, roots_path("sys/class/tty") / tty / "device");
    write(roots_path("sys/class/tty") / tty / "type", type);
  }

  void link(const std::string& link, const std::string& tty) {
    std::filesystem::create_symlink(dev(tty), roots_path("dev") / link);
  }

 private:
  [[nodiscard]] std::filesystem::path roots_path(const char* below) const {
    return folder_.path() / below;
  }
  static void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file) << text << "\n";
  }

  Folder folder_;
};

}  // namespace rig::console
