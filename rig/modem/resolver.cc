#include "modem/resolver.h"

#include <utility>

#include "base/dns.h"

namespace rig::modem {
namespace {

constexpr int kMostQuestions = 4;
constexpr base::Duration kAskAgain = std::chrono::seconds(5);
constexpr std::uint16_t kOwnPorts = 40'000;  // below those of the sockets
constexpr std::uint16_t kPortCount = 1000;

}  // namespace

bool Resolver::ask(std::string_view host, const Ends& ends, base::Instant now) {
  question_.reset();
  auto query = base::dns_query(host, ++asked_);
  if (!query) return false;
  Question question{.packet = {}, .id = asked_, .left = kMostQuestions};
  question.packet.source = {ends.device,
                            static_cast<std::uint16_t>(kOwnPorts + asked_ % kPortCount)};
  question.packet.destination = ends.server;
  question.packet.payload = std::move(*query);
  question_ = std::move(question);
  send(now);
  return true;
}

void Resolver::send(base::Instant now) {
  if (question_->left-- == 0) {
    question_->failed = true;
    question_->next.reset();
    return;
  }
  packets_.push_back(question_->packet);
  question_->next = now + kAskAgain;
}

void Resolver::advance(base::Instant now) {
  if (question_ && question_->next && *question_->next <= now) send(now);
}

bool Resolver::receive(const base::Packet& packet) {
  if (packet.protocol != base::Protocol::udp || packet.source.port != base::kDnsPort) return false;
  if (!question_ || packet.destination.port != question_->packet.source.port) return false;
  const auto answer = base::read_dns_answer(packet.payload);
  if (!question_->next || !answer || answer->id != question_->id) return true;
  question_->next.reset();
  question_->address = answer->address;
  question_->failed = !answer->address;
  return true;
}

std::optional<base::Instant> Resolver::wake_time() const {
  return question_ ? question_->next : std::nullopt;
}

std::optional<std::uint32_t> Resolver::address() const {
  return question_ ? question_->address : std::nullopt;
}

bool Resolver::failed() const { return !question_ || question_->failed; }

std::vector<base::Packet> Resolver::take_packets() { return std::exchange(packets_, {}); }

}  // namespace rig::modem
