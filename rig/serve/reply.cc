#include "serve/reply.h"

#include <fmt/format.h>

#include <exception>

#include "report/html_assets.h"

namespace rig::serve {
namespace {

using std::string_view;

struct Reply {
  int status{200};
  string_view type{"text/plain; charset=utf-8"};
  std::string body{};
  std::string fields{};  // more of the head, each with its line end
};

string_view words_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 421:
      return "Misdirected Request";
    default:
      return status >= 500 ? "Not Now" : "Refused";
  }
}

// Nothing is loaded from elsewhere, kept anywhere, or shown inside another site.
constexpr string_view kGuards =
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n"
    "Connection: close\r\n";

std::string text_of(const Reply& reply, bool with_body) {
  return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}{}\r\n{}",
                     reply.status, words_of(reply.status), reply.type, reply.body.size(), kGuards,
                     reply.fields, with_body ? string_view(reply.body) : string_view());
}

std::string page() {
  std::string out;
  string_view page = report::assets::live_page();
  for (auto open = page.find("{{"); open != string_view::npos; open = page.find("{{")) {
    const auto close = page.find("}}", open);
    const string_view name = page.substr(open + 2, close - open - 2);
    out += page.substr(0, open);
    out += name == "style" ? report::assets::live_styles() : report::assets::live_script();
    page.remove_prefix(close + 2);
  }
  return out += page;
}

Reply refused(Refusal refusal) {
  if (refusal == Refusal::wrong_host) {
    return {.status = 421, .body = "this is not the server of that name\n"};
  }
  return {.status = 401,
          .body = "a token is needed: open /?token=TOKEN, or send Authorization: Bearer TOKEN\n",
          .fields = "WWW-Authenticate: Bearer\r\n"};
}

Reply state_reply(const StateText& state) {
  try {
    return {.type = "application/json", .body = state()};
  } catch (const std::exception& error) {
    return {.status = 503, .body = std::string(error.what()) + "\n"};
  }
}

Reply answer(const ota::HttpRequest& request, const AccessRules& rules, const StateText& state) {
  if (const auto refusal = refusal_of(request, rules)) return refused(*refusal);
  const string_view path = string_view(request.target).substr(0, request.target.find('?'));
  if (request.method != "GET" && request.method != "HEAD") {
    return {.status = 405, .body = "this page only shows\n", .fields = "Allow: GET, HEAD\r\n"};
  }
  if (path == "/state.json") return state_reply(state);
  if (path != "/") return {.status = 404, .body = "there is / and /state.json\n"};
  if (!rules.token.empty() && token_in_query(request, rules)) {
    return {.status = 303,
            .fields = fmt::format("Location: /\r\nSet-Cookie: otarig_token={}; Path=/; HttpOnly; "
                                  "SameSite=Strict\r\n",
                                  rules.token)};
  }
  return {.type = "text/html; charset=utf-8", .body = page()};
}

}  // namespace

std::string reply_to(const ota::HttpRequest& request, const AccessRules& rules,
                     const StateText& state) {
  return text_of(answer(request, rules, state), request.method != "HEAD");
}

std::string reply_to(const ota::BadRequest& request) {
  return text_of({.status = request.status, .body = request.what + "\n"}, true);
}

}  // namespace rig::serve
