#include "serve/access.h"

#include <algorithm>
#include <cctype>

namespace rig::serve {
namespace {

using std::string_view;

constexpr string_view kCookie = "otarig_token=";
constexpr string_view kQuery = "token=";
constexpr std::size_t kShortestToken = 16;  // characters: not to be had by trying

// The part of `text` behind `name`, up to `end`, where `text` is a list separated by `end`.
string_view value_in(string_view text, string_view name, char end) {
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(end));
    const auto begin = std::min(part.find_first_not_of(' '), part.size());
    if (part.substr(begin).starts_with(name)) return part.substr(begin + name.size());
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return {};
}

string_view query_of(const ota::HttpRequest& request) {
  const string_view target = request.target;
  const auto mark = target.find('?');
  return mark == string_view::npos ? string_view() : target.substr(mark + 1);
}

bool is_token(string_view given, const AccessRules& rules) {
  return !given.empty() && same_secret(given, rules.token);
}

bool has_token(const ota::HttpRequest& request, const AccessRules& rules) {
  constexpr string_view kBearer = "Bearer ";
  const string_view authorization = request.field("authorization").value_or("");
  if (authorization.starts_with(kBearer) && is_token(authorization.substr(kBearer.size()), rules)) {
    return true;
  }
  return is_token(value_in(request.field("cookie").value_or(""), kCookie, ';'), rules) ||
         token_in_query(request, rules);
}

bool is_address(string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(),
                                      [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

std::string lower(string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return out;
}

// A site of somebody else never has an address for its name: addresses are not resolved.
bool is_ours(string_view host, const AccessRules& rules) {
  const auto colon = host.rfind(':');
  const std::string port = ":" + std::to_string(rules.local.port);
  if (colon != string_view::npos && host.substr(colon) != port) return false;
  if (colon == string_view::npos && rules.local.port != 80) return false;
  const std::string name = lower(host.substr(0, colon));
  if (name == "localhost" || is_address(name)) return true;
  return std::any_of(rules.names.begin(), rules.names.end(),
                     [&](const std::string& each) { return lower(each) == name; });
}

}  // namespace

bool is_loopback(const base::Endpoint& local) { return local.address >> 24 == 127; }

std::optional<std::string> complaint_about(const AccessRules& rules) {
  if (rules.token.empty() && !is_loopback(rules.local)) {
    return base::to_text(rules.local.address) +
           " can be reached by others: name a token with --token or OTARIG_TOKEN, or listen on "
           "127.0.0.1";
  }
  const bool plain = std::all_of(rules.token.begin(), rules.token.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
  });
  if (!plain) return "a token holds letters, digits, '-', '_', '.' and '~' only";
  if (!rules.token.empty() && rules.token.size() < kShortestToken) {
    return "a token needs 16 characters or more, such as openssl rand -hex 16 prints";
  }
  return std::nullopt;
}

std::optional<Refusal> refusal_of(const ota::HttpRequest& request, const AccessRules& rules) {
  const auto hosts = std::count_if(request.fields.begin(), request.fields.end(),
                                   [](const auto& field) { return field.first == "host"; });
  if (hosts != 1 || !is_ours(*request.field("host"), rules)) return Refusal::wrong_host;
  if (!rules.token.empty() && !has_token(request, rules)) return Refusal::wrong_token;
  return std::nullopt;
}

bool token_in_query(const ota::HttpRequest& request, const AccessRules& rules) {
  return is_token(value_in(query_of(request), kQuery, '&'), rules);
}

bool same_secret(string_view one, string_view other) {
  if (one.size() != other.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return difference == 0;
}

}  // namespace rig::serve
