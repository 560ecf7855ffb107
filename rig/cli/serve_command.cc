// otarig serve: the live page.
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/recorder.h"
#include "io/inet.h"
#include "io/signals.h"
#include "serve/live_state.h"
#include "serve/page_server.h"
#include "serve/reply.h"

namespace rig::cli {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

void refuse_a_port(const std::string& address) {
  const auto colon = address.find(':');
  if (colon == std::string::npos || address.find(':', colon + 1) != std::string::npos) return;
  throw base::UsageError(
      fmt::format("serve: --listen takes an address alone; write --listen {} "
                  "--port {}",
                  address.substr(0, colon), address.substr(colon + 1)));
}

}  // namespace

void ServeCommand::run(Invocation& invocation) const {
  refuse_a_port(listen_);
  serve::AccessRules rules{.local = io::resolve(listen_ + ":" + std::to_string(port_)),
                           .token = token_,
                           .names = names_};
  if (const auto complaint = serve::complaint_about(rules)) {
    throw base::UsageError("serve: " + *complaint);
  }
  // The name of a machine on a network may be had by others through DNS only where a token guards.
  if (!serve::is_loopback(rules.local)) rules.names.push_back(host_name());
  serve::LiveState state(invocation.database_path());
  const serve::StateText text = [&state] { return state.text(unix_us_now()); };
  io::Loop loop;
  const serve::PageServer server(loop, rules.local, [&](const auto& request) {
    if (const auto* bad = std::get_if<ota::BadRequest>(&request)) return serve::reply_to(*bad);
    return serve::reply_to(std::get<ota::HttpRequest>(request), rules, text);
  });
  rules.local = server.local();  // the port, where any free one was asked for
  const io::Signals signals(loop, {SIGINT, SIGTERM}, [&loop](int) { loop.stop(); });
  fmt::print("http://{}/\n", io::to_text(rules.local));
  std::fflush(stdout);
  loop.run();
}

}  // namespace rig::cli
