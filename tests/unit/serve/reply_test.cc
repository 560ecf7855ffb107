#include "serve/reply.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace rig::serve {
namespace {

constexpr const char* kToken = "0123456789abcdef";

ota::HttpRequest request(const std::string& target, const std::string& host = "127.0.0.1:8077") {
  ota::HttpRequest made;
  made.method = "GET";
  made.target = target;
  made.fields = {{"host", host}};
  return made;
}

AccessRules loopback() { return {.local = {0x7F000001, 8077}}; }

AccessRules network() {
  return {.local = {0xC0A80005, 8077}, .token = kToken, .names = {"rig.lab"}};
}

std::string ask(const ota::HttpRequest& what, const AccessRules& rules = loopback()) {
  return reply_to(what, rules, [] { return "{\"it\":\"works\"}"; });
}

int status_of(const std::string& reply) { return std::stoi(reply.substr(9, 3)); }

TEST(Access, OtherAddressesNeedAToken) {
  EXPECT_FALSE(complaint_about(loopback()));
  EXPECT_FALSE(complaint_about(network()));
  AccessRules open = network();
  open.token.clear();
  ASSERT_TRUE(complaint_about(open));
  EXPECT_NE(complaint_about(open)->find("--token"), std::string::npos);
  open.local.address = 0;  // every address of the machine
  EXPECT_TRUE(complaint_about(open));
}

TEST(Access, ATokenIsLongAndPlain) {
  AccessRules rules = network();
  rules.token = "short";
  EXPECT_TRUE(complaint_about(rules));
  rules.token = "0123456789abcdef; Path=/";
  EXPECT_TRUE(complaint_about(rules));
}

TEST(Access, OnlyOurOwnNamesAreAnswered) {
  for (const char* host : {"127.0.0.1:8077", "localhost:8077", "LOCALHOST:8077"}) {
    EXPECT_EQ(status_of(ask(request("/", host))), 200) << host;
  }
  // A site whose name was made to resolve to this machine; and another server's port.
  for (const char* host : {"evil.example:8077", "localhost.evil.example:8077", "localhost",
                           "localhost:80", "", "rig.lab:8077", ":8077"}) {
    EXPECT_EQ(status_of(ask(request("/", host))), 421) << host;
  }
  ota::HttpRequest twice = request("/");
  twice.fields.emplace_back("host", "evil.example:8077");
  EXPECT_EQ(status_of(ask(twice)), 421);
}

TEST(Access, TheTokenStandsInFieldCookieOrQuery) {
  EXPECT_EQ(status_of(ask(request("/state.json", "rig.lab:8077"), network())), 401);
  ota::HttpRequest bearer = request("/state.json", "rig.lab:8077");
  bearer.fields.emplace_back("authorization", std::string("Bearer ") + kToken);
  EXPECT_EQ(status_of(ask(bearer, network())), 200);
  bearer.fields.back().second = "Bearer 0123456789abcdee";
  EXPECT_EQ(status_of(ask(bearer, network())), 401);
  ota::HttpRequest cookie = request("/state.json", "192.168.0.5:8077");
  cookie.fields.emplace_back("cookie", std::string("a=b; otarig_token=") + kToken + "; c=d");
  EXPECT_EQ(status_of(ask(cookie, network())), 200);
  cookie.fields.back().second = std::string("xotarig_token=") + kToken;
  EXPECT_EQ(status_of(ask(cookie, network())), 401);
  cookie.fields.back().second = "otarig_token=";
  EXPECT_EQ(status_of(ask(cookie, network())), 401);
}

TEST(Access, TheTokenLeavesTheAddressLine) {
  const std::string reply =
      ask(request(std::string("/?token=") + kToken, "rig.lab:8077"), network());
  EXPECT_EQ(status_of(reply), 303);
  EXPECT_NE(reply.find("Location: /\r\n"), std::string::npos);
  EXPECT_NE(reply.find("HttpOnly; SameSite=Strict"), std::string::npos);
  EXPECT_EQ(status_of(ask(request("/?token=wrong", "rig.lab:8077"), network())), 401);
}

TEST(Access, SecretsAreComparedWhole) {
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "ab"));
  EXPECT_TRUE(same_secret("", ""));
}

TEST(Reply, ShowsThePageAndTheState) {
  const std::string page = ask(request("/"));
  EXPECT_EQ(status_of(page), 200);
  EXPECT_EQ(page.find("{{"), std::string::npos);
  EXPECT_NE(page.find("function boardItem"), std::string::npos);
  EXPECT_EQ(page.find(" src="), std::string::npos);
  EXPECT_NE(page.find("frame-ancestors 'none'"), std::string::npos);
  const std::string state = ask(request("/state.json?x=1"));
  EXPECT_NE(state.find("application/json"), std::string::npos);
  EXPECT_TRUE(state.ends_with("\r\n\r\n{\"it\":\"works\"}"));
}

TEST(Reply, NothingCanBeChanged) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get"}) {
    ota::HttpRequest other = request("/state.json");
    other.method = method;
    EXPECT_EQ(status_of(ask(other)), 405) << method;
  }
  ota::HttpRequest head = request("/state.json");
  head.method = "HEAD";
  EXPECT_TRUE(ask(head).ends_with("\r\n\r\n"));
  EXPECT_EQ(status_of(ask(request("/../etc/passwd"))), 404);
}

TEST(Reply, TroubleWithTheDatabaseIsTold) {
  const std::string reply = reply_to(request("/state.json"), loopback(), []() -> std::string {
    throw std::runtime_error("another process is writing to it");
  });
  EXPECT_EQ(status_of(reply), 503);
  EXPECT_NE(reply.find("another process"), std::string::npos);
}

}  // namespace
}  // namespace rig::serve
