// The image server in real time: on sockets of this machine the sessions, answers and faults that
// rig/ota's HttpServer has in virtual time. The kernel's TCP carries them, so what a device gets is
// decided by the path to it, which an engine of rig/shaping may hold.
//
// No second HTTP implementation stands here: both clocks read requests and write answers with the
// same code, or a fault that is found in one could not be repeated in the other.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "io/tcp_listener.h"
#include "io/timer.h"
#include "ota/catalogue.h"
#include "ota/http_settings.h"
#include "ota/update_server.h"

namespace rig::board {

class HttpService {
 public:
  // The texts and values of ota/http_server.h. Called from the loop; must not destroy the service.
  using Told = std::function<void(const ota::Trace&)>;
  struct Settings {
    ota::HttpSettings http{};
    base::Endpoint listen{};  // its port, and not that of `http`; 0: any free one
    io::Time begun{};         // instant zero of what is told
  };

  // The catalogue must outlive the service. Throws base::RigError: port taken.
  HttpService(io::Loop& loop, const ota::Catalogue& catalogue, Settings settings, Told told);
  ~HttpService();  // resets every connection
  HttpService(const HttpService&) = delete;
  HttpService& operator=(const HttpService&) = delete;

  [[nodiscard]] base::Endpoint local() const { return listener_.local(); }
  [[nodiscard]] std::uint32_t requests() const { return requests_; }

 private:
  class Connection;
  [[nodiscard]] base::Instant now() const { return io::instant_of(io::now(), settings_.begun); }
  void tell(ota::TraceKind kind, std::uint64_t value, std::string text);
  void bury();

  io::Loop& loop_;
  const ota::Catalogue& catalogue_;
  Settings settings_;
  Told told_;
  std::uint32_t requests_{0};
  std::list<std::unique_ptr<Connection>> connections_;
  io::Timer burial_;  // not within a call of theirs
  io::TcpListener listener_;
};

}  // namespace rig::board
