// A small HTTP server for one page: reads requests, hands them to a function, sends what that says
// and closes. It knows neither what is shown nor who may see it.
//
// At most kConnections at once, each for kLimit: the rig's machine has better things to do.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "base/network.h"
#include "io/loop.h"
#include "ota/http_request.h"

namespace rig::serve {

class PageServer {
 public:
  static constexpr std::size_t kConnections = 32;
  static constexpr io::Duration kLimit = std::chrono::seconds(10);

  // A whole answer, head and body.
  using Answer = std::function<std::string(const std::variant<ota::HttpRequest, ota::BadRequest>&)>;

  // Port 0: any free one. Throws base::RigError: port taken, no right to it.
  PageServer(io::Loop& loop, const base::Endpoint& local, Answer answer);
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  [[nodiscard]] base::Endpoint local() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::serve
