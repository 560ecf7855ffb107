// What the live page's server answers to one request. Pure: what is shown comes from a function.
#pragma once

#include <functional>
#include <string>

#include "ota/http_request.h"
#include "serve/access.h"

namespace rig::serve {

// The state as JSON (live_state.h). What it throws becomes a 503 with its text: the database may be
// busy, and the page asks again.
using StateText = std::function<std::string()>;

// The whole answer, head and body, after which the connection is closed.
//   GET or HEAD  /            the page
//                /state.json  the state
// Anything else is 404, any other method 405: there is nothing to change here.
[[nodiscard]] std::string reply_to(const ota::HttpRequest& request, const AccessRules& rules,
                                   const StateText& state);
[[nodiscard]] std::string reply_to(const ota::BadRequest& request);

}  // namespace rig::serve
