#include "ota/name_server.h"

#include "base/dns.h"

namespace rig::ota {

std::optional<base::Packet> NameServer::answer(const base::Packet& question) const {
  const auto asked = base::dns_question(question.payload);
  if (!asked) return std::nullopt;
  const auto known = hosts_.find(asked->host);
  const bool knows = known != hosts_.end();
  base::Packet answer;
  answer.source = question.destination;
  answer.destination = question.source;
  answer.payload =
      base::dns_answer(question.payload, knows ? base::DnsCode::good : base::DnsCode::no_such_name,
                       knows ? std::optional(known->second) : std::nullopt);
  return answer;
}

}  // namespace rig::ota
