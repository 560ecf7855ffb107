// Who may see the live page. Pure.
//
// Two dangers: somebody else on the network, and a web page in the user's own browser whose name is
// made to resolve to this machine (DNS rebinding). The first is kept out by a token wherever the
// page listens on more than the loopback address; the second by the Host field, which then names
// the attacker's site.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/network.h"
#include "ota/http_request.h"

namespace rig::serve {

struct AccessRules {
  base::Endpoint local;              // where the page listens
  std::string token{};               // empty: none is asked for; only on the loopback address
  std::vector<std::string> names{};  // of this machine, beside its addresses and "localhost"
};

// 127.0.0.0/8.
[[nodiscard]] bool is_loopback(const base::Endpoint& local);

// Empty when these rules are sound; otherwise what to do about it.
[[nodiscard]] std::optional<std::string> complaint_about(const AccessRules& rules);

enum class Refusal : std::uint8_t { wrong_host, wrong_token };
// The token stands in "Authorization: Bearer T", in the cookie otarig_token, or in the query.
[[nodiscard]] std::optional<Refusal> refusal_of(const ota::HttpRequest& request,
                                                const AccessRules& rules);

// Whether the query names the right token: the page then moves it into a cookie, out of the address
// line and the history.
[[nodiscard]] bool token_in_query(const ota::HttpRequest& request, const AccessRules& rules);

// Takes the same time wherever two texts of one length differ.
[[nodiscard]] bool same_secret(std::string_view one, std::string_view other);

}  // namespace rig::serve
