// The head of an HTTP/1.1 request, read from what has arrived of it (RFC 9112). Pure. Requests with
// a body are refused: a device that fetches an image sends none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"

namespace rig::ota {

inline constexpr std::size_t kHttpHeadLimit = 8192;

struct HttpRequest {
  std::string method;  // "GET"
  std::string target;  // "/imp/2"; of an absolute form only the path
  bool version_1_0{false};
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case, values trimmed

  // The first field of this (lower case) name.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
  [[nodiscard]] bool keeps_alive() const;
};

struct ReadRequest {
  HttpRequest request;
  std::size_t length{};  // of the head in the bytes, with its empty line
};
struct IncompleteRequest {};
struct BadRequest {
  std::uint16_t status{};  // 400, 413, 431, 501 or 505
  std::string what;
};

[[nodiscard]] std::variant<ReadRequest, IncompleteRequest, BadRequest> read_request(
    base::ByteView bytes);

// One range of `size` bytes, RFC 9110 section 14.1.2.
struct ByteRange {
  std::uint64_t first{};
  std::uint64_t length{};
};
struct WholeBody {};           // no range, or one that may be ignored (other units, several)
struct UnsatisfiableRange {};  // begins behind the end
[[nodiscard]] std::variant<ByteRange, WholeBody, UnsatisfiableRange> read_range(
    std::optional<std::string_view> field, std::uint64_t size);

}  // namespace rig::ota
