#include "cli/link_control.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/rig_error.h"
#include "base/suggestion.h"
#include "cli/link_engine.h"
#include "io/byte_stream.h"
#include "io/tcp_client.h"
#include "scenario/fixtures.h"

namespace rig::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kEnding = ".control";
constexpr std::size_t kLongestQuestion = 8192;
constexpr io::Duration kAnswerWithin = std::chrono::seconds(5);

std::string socket_of(const std::string& name) { return link_folder() + "/" + name + kEnding; }

double microseconds(base::Duration length) {
  return std::chrono::duration<double, std::micro>(length).count();
}

json json_of(const link::Meter::Way& way) {
  return {{"offered_packets", way.offered_packets},
          {"offered_bytes", way.offered_bytes},
          {"delivered_packets", way.delivered_packets},
          {"delivered_bytes", way.delivered_bytes},
          {"dropped", way.dropped},
          {"marked_packets", way.marked_packets},
          {"loss", way.loss()},
          {"applied_loss", way.applied_loss()},
          {"asked_loss", way.asked_loss()},
          {"late_p50_us", microseconds(way.late.quantile(0.5))},
          {"late_p99_us", microseconds(way.late.quantile(0.99))},
          {"late_max_us", microseconds(way.late.most())},
          {"rate_error", way.rate_error()}};
}

const std::string& noted(shaping::Footprint& footprint, const std::string& path) {
  footprint.note("control " + path);
  return path;
}

json error_of(const std::exception& error, bool usage) {
  return {{"error", error.what()}, {"usage", usage}};
}

// What the engine answered, or nothing when nobody is there.
std::optional<std::string> converse(const std::string& name, const std::string& question) {
  io::Loop loop;
  std::string heard;
  std::optional<std::error_code> ended;
  std::optional<io::TcpClient> client;
  client.emplace(
      loop, io::TcpClient::Server{.host = socket_of(name)},
      io::TcpClient::Handlers{
          .connected = [&] { client->write(base::bytes_of(question + "\n")); },
          .received = [&](base::ByteView bytes, io::Time) { heard += base::as_text(bytes); },
          .ended = [&](std::error_code error, io::Time) { ended = error; }});
  if (!loop.run_until([&] { return ended.has_value(); }, kAnswerWithin)) {
    throw base::RigError(std::make_error_code(std::errc::timed_out),
                         "speak to the link of board '" + name + "'",
                         "the otarig that shapes it does not answer");
  }
  return heard.empty() ? std::nullopt : std::optional(heard);
}

}  // namespace

json json_of(const shaping::Stats& stats) {
  return {{"engine", stats.engine},
          {"profile", stats.profile},
          {"seconds", base::to_seconds(stats.running)},
          {"up", json_of(stats.meter.way(base::Direction::up))},
          {"down", json_of(stats.meter.way(base::Direction::down))},
          {"flows",
           {{"open", stats.flows_open},
            {"total", stats.flows_total},
            {"refused", stats.flows_refused}}}};
}

// One connection, from its first byte until the peer has left.
class ControlledLink::Conversation {
 public:
  Conversation(ControlledLink& owner, io::UniqueFd peer)
      : owner_(owner),
        peer_(std::move(peer)),
        stream_(owner.loop_, {.in = peer_.get(), .out = peer_.get()},
                {.received = [this](base::ByteView bytes, io::Time) { receive(bytes); },
                 .ended = [this](std::error_code, io::Time) { leave(); }}) {}

 private:
  void receive(base::ByteView bytes) {
    if (over_) return;
    asked_ += base::as_text(bytes);
    const std::size_t end = asked_.find('\n');
    if (end == std::string::npos) {
      if (asked_.size() > kLongestQuestion) leave();
      return;
    }
    stream_.write(base::bytes_of(owner_.answer(asked_.substr(0, end)) + "\n"));
    stream_.when_written([this] { leave(); });
  }
  void leave() {
    over_ = true;
    owner_.burial_.at(io::now(), [&owner = owner_](io::Time) {
      std::erase_if(owner.conversations_, [](const auto& each) { return each->over_; });
    });
  }

  ControlledLink& owner_;
  io::UniqueFd peer_;
  std::string asked_;
  bool over_{false};
  io::ByteStream stream_;
};

ControlledLink::ControlledLink(io::Loop& loop, const std::string& name,
                               std::unique_ptr<shaping::Link> engine)
    : loop_(loop),
      engine_(std::move(engine)),
      footprint_(link_folder()),
      burial_(loop),
      listener_(loop, noted(footprint_, socket_of(name)), [this](io::UniqueFd peer) {
        conversations_.push_back(std::make_unique<Conversation>(*this, std::move(peer)));
      }) {}

ControlledLink::~ControlledLink() = default;

std::string ControlledLink::answer(const std::string& question) {
  try {
    const json asked = json::parse(question);
    if (asked.at("ask") == "set") {
      const scenario::Library library{
          .fixtures = asked.at("fixtures").get<std::string>(), .firmware = {}, .scenarios = {}};
      engine_->set(scenario::load_link(library, asked.at("profile").get<std::string>()));
    }
    return json_of(engine_->stats()).dump();
  } catch (const base::UsageError& error) {
    return error_of(error, true).dump();
  } catch (const std::exception& error) {
    return error_of(error, false).dump();
  }
}

void refuse_taken_name(const std::string& name) {
  if (!std::ranges::count(running_links(), name)) return;
  throw base::UsageError("the link of board '" + name +
                         "' is shaped already; change it with otarig link set " + name +
                         " PROFILE, or end the otarig that shapes it");
}

std::vector<std::string> running_links() {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(link_folder(), none)) {
    if (entry.path().extension() != kEnding) continue;
    const std::string name = entry.path().stem();
    if (converse(name, R"({"ask": "figures"})")) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

json ask_link(const std::string& name, const json& question) {
  const auto answer = converse(name, question.dump());
  if (!answer) {
    const auto names = running_links();
    throw base::UsageError(
        fmt::format("nobody shapes the link of board '{}' now; start with otarig link shape {}{}{}",
                    name, name, names.empty() ? "" : ". Shaped are: " + base::joined(names) + ".",
                    base::did_you_mean(name, names)));
  }
  json told = json::parse(*answer, nullptr, false);
  if (told.is_discarded()) {
    throw base::RigError(std::make_error_code(std::errc::bad_message),
                         "speak to the link of board '" + name + "'", "it answered no JSON");
  }
  if (!told.contains("error")) return told;
  const auto what = told.at("error").get<std::string>();
  if (told.value("usage", false)) throw base::UsageError(what);
  throw base::RigError(std::make_error_code(std::errc::io_error),
                       "change the link of board '" + name + "'", what);
}

}  // namespace rig::cli
