// otarig image serve: the image server of a scenario for devices that reach this machine by
// network.
#include <fmt/format.h>

#include <csignal>

#include "base/rig_error.h"
#include "board/http_service.h"
#include "board/product.h"
#include "cli/commands.h"
#include "cli/workspace.h"
#include "io/inet.h"
#include "io/signals.h"

namespace rig::cli {

void ImageCommand::serve(Invocation& invocation) const {
  const Workspace workspace = open_scenario(invocation, scenario_);
  const auto& http = workspace.scenario.update.http;
  if (!http) {
    throw base::UsageError(workspace.scenario.file.string() +
                           ": its update is not fetched over HTTP; write update: {user_app: v2, "
                           "mode: fetched, http: {}}");
  }
  const auto product = board::load_product(workspace.scenario, workspace.library, {});
  const std::string where = listen_.empty() ? fmt::format(":{}", http->port) : listen_;
  io::Loop loop;
  const board::HttpService service(
      loop, product.catalogue, {.http = *http, .listen = io::resolve(where), .begun = io::now()},
      [](const ota::Trace& trace) {
        fmt::print("{:12.6f} {}\n", base::to_seconds(trace.at.time_since_epoch()), trace.text);
        std::fflush(stdout);
      });
  fmt::print(stderr, "serving {} images at http://{}{}VERSION\n", product.catalogue.size(),
             io::to_text(service.local()), http->path);
  const io::Signals signals(loop, {SIGINT, SIGTERM, SIGHUP}, [&loop](int) { loop.stop(); });
  loop.run();
}

}  // namespace rig::cli
