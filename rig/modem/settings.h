// What AT commands set and nothing else acts on, beside the few settings that the modem obeys. All
// of it dies with the power, except what the R410 keeps in its non-volatile memory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rig::modem {

// Settings that are only stored and read back.
struct StoredSetting {
  std::string_view name;
  std::string_view initial;
  bool non_volatile;
};

inline constexpr std::array<StoredSetting, 8> kStoredSettings{{
    {"+CEDRXS", "0", true},
    {"+CMGF", "0", false},
    {"+CNMI", "1,0,0,0,0", false},
    {"+CPSMS", "0", true},
    {"+IPR", "115200", false},
    {"+UMNOPROF", "2", true},
    {"+UPSV", "0", false},
    {"+URAT", "7", true},
}};

class Settings {
 public:
  static constexpr std::size_t kValueLimit = 64;

  Settings();
  // The power was lost, or AT+CFUN=16.
  void forget();
  // ATZ and AT&F: the line's own settings.
  void restore_line();

  bool echo{true};               // ATE
  std::uint8_t error_format{0};  // AT+CMEE: 0 ERROR, 1 number, 2 text
  bool indications{false};       // AT+CMER: +CIEV URCs
  std::uint8_t function{1};      // AT+CFUN: 1 full, 0 and 4 radio off
  std::uint8_t name_format{0};   // AT+COPS=3,n: 0 name, 2 number

  // Null when there is no such stored setting.
  [[nodiscard]] std::string* stored(std::string_view name);

 private:
  std::array<std::string, kStoredSettings.size()> values_;
};

}  // namespace rig::modem
