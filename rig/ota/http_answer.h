// The answer to one HTTP request: what the catalogue has, changed by the faults that the scenario
// put on it. Pure; bytes leave through http_session.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "ota/catalogue.h"
#include "ota/http_request.h"
#include "ota/http_settings.h"

namespace rig::ota {

struct HttpAnswer {
  enum class Then : std::uint8_t { keep, close, reset };
  std::uint16_t status{};
  std::string head;                         // with its empty line
  const base::Bytes* image{};               // of the catalogue; null: no body
  std::uint64_t first{};                    // byte of the image
  std::uint64_t length{};                   // of the body that is really sent
  Then then{Then::close};                   // when it was
  std::optional<std::uint64_t> stall_at{};  // body byte
  base::Duration stall_for{};               // zero: for ever
  std::uint64_t bytes_per_second{};         // 0: as fast as the connection takes it
};

// `number`: this is the n-th request of the cycle, from 1. The catalogue must outlive the answer.
[[nodiscard]] HttpAnswer answer_to(const HttpRequest& request, const HttpSettings& settings,
                                   const Catalogue& catalogue, std::uint32_t number);
[[nodiscard]] HttpAnswer answer_to(const BadRequest& request);

}  // namespace rig::ota
