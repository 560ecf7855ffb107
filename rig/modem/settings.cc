#include "modem/settings.h"

namespace rig::modem {

Settings::Settings() {
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = kStoredSettings[i].initial;
}

void Settings::forget() {
  Settings fresh;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (kStoredSettings[i].non_volatile) fresh.values_[i] = values_[i];
  }
  *this = fresh;
}

void Settings::restore_line() {
  echo = true;
  error_format = 0;
}

std::string* Settings::stored(std::string_view name) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (kStoredSettings[i].name == name) return &values_[i];
  }
  return nullptr;
}

}  // namespace rig::modem
