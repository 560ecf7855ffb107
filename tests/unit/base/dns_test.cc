#include "base/dns.h"

#include <gtest/gtest.h>

namespace rig::base {
namespace {

TEST(Dns, AQuestionIsReadAsItWasAsked) {
  const auto query = dns_query("upgrades.example.net", 0x1234);
  ASSERT_TRUE(query);
  const auto question = dns_question(*query);
  ASSERT_TRUE(question);
  EXPECT_EQ(question->id, 0x1234);
  EXPECT_EQ(question->host, "upgrades.example.net");
  EXPECT_TRUE(question->address);
  EXPECT_EQ(question->length, query->size());
}

TEST(Dns, AnAnswerHasTheAddressOrSaysWhyNot) {
  const auto query = dns_query("a.test", 7);
  const auto known = read_dns_answer(dns_answer(*query, DnsCode::good, 0x0A420001));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->id, 7);
  EXPECT_EQ(known->address, 0x0A420001U);
  const auto unknown = read_dns_answer(dns_answer(*query, DnsCode::no_such_name, std::nullopt));
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->code, DnsCode::no_such_name);
  EXPECT_FALSE(unknown->address);
}

TEST(Dns, OfAnotherTypeThereIsNoAddress) {
  Bytes query = *dns_query("a.test", 7);
  query[query.size() - 3] = 28;  // AAAA
  const auto question = dns_question(query);
  ASSERT_TRUE(question);
  EXPECT_FALSE(question->address);
  EXPECT_FALSE(read_dns_answer(dns_answer(query, DnsCode::good, 1))->address);
}

TEST(Dns, NamesThatItCannotCarryAreRefused) {
  EXPECT_FALSE(dns_query("", 1));
  EXPECT_FALSE(dns_query("a..b", 1));
  EXPECT_FALSE(dns_query(std::string(64, 'a') + ".test", 1));
  EXPECT_TRUE(dns_query(std::string(63, 'a') + ".test", 1));
  std::string longest;
  for (int i = 0; i < 64; ++i) longest += "abc.";
  EXPECT_FALSE(dns_query(longest, 1));
}

// Whatever comes from a network: cut short, and with every byte of it another one.
TEST(Dns, WhatIsDamagedIsReadAsNothingOrAsSomething) {
  const Bytes query = *dns_query("upgrades.example.net", 7);
  const Bytes answer = dns_answer(query, DnsCode::good, 1);
  for (std::size_t length = 0; length < query.size(); ++length) {
    EXPECT_FALSE(dns_question(ByteView(query).first(length))) << length;
  }
  for (std::size_t length = 0; length < answer.size(); ++length) {
    EXPECT_FALSE(read_dns_answer(ByteView(answer).first(length))) << length;
  }
  for (std::size_t at = 0; at < answer.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      Bytes damaged = answer;
      damaged[at] = static_cast<std::uint8_t>(value);
      (void)read_dns_answer(damaged);
      damaged.resize(query.size());
      if (dns_question(damaged)) (void)dns_answer(damaged, DnsCode::good, 2);
    }
  }
  EXPECT_FALSE(dns_question(answer));
  EXPECT_FALSE(read_dns_answer(query));
}

}  // namespace
}  // namespace rig::base
