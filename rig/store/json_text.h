// The two JSON columns of the schema are flat objects of strings: written here, read by SQLite's
// json_each().
#pragma once

#include <map>
#include <string>

namespace rig::store {

[[nodiscard]] std::string json_object_of(const std::map<std::string, std::string>& values);

}  // namespace rig::store
