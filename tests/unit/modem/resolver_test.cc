// Names that are asked for through the link.
#include "modem/resolver.h"

#include "base/dns.h"
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

constexpr base::Endpoint kResolver{0x0A000001, base::kDnsPort};
constexpr const char* kAsk = "AT+UDNSRN=0,\"device.otarig.test\"\r";

NetworkSettings with_resolver() {
  NetworkSettings network = test_network();
  network.resolver = kResolver;
  return network;
}

class Names : public testing::Test {
 protected:
  void SetUp() override {
    run(bench_, go_online());
    (void)bench_.sent();
    run(bench_, {say(kAsk), is_silent(1s)});
    const auto sent = bench_.sent();
    ASSERT_EQ(sent.size(), 1U);
    question_ = sent[0];
  }
  [[nodiscard]] base::Packet answer(base::DnsCode code, std::optional<std::uint32_t> address) {
    base::Packet packet;
    packet.source = question_.destination;
    packet.destination = question_.source;
    packet.payload = base::dns_answer(question_.payload, code, address);
    return packet;
  }

  Bench bench_{with_resolver()};
  base::Packet question_;
};

TEST_F(Names, AreAskedOfTheNetworkAndTheAnswerIsWhatItSays) {
  EXPECT_EQ(question_.destination, kResolver);
  EXPECT_EQ(base::dns_question(question_.payload)->host, "device.otarig.test");
  bench_.deliver(answer(base::DnsCode::good, 0x0A420001));
  run(bench_, {hears(framed({"+UDNSRN: \"10.66.0.1\"", "OK"}))});
  run(bench_, {is_silent(60s)});
  EXPECT_TRUE(bench_.sent().empty());
}

TEST_F(Names, ThatAreNotThereAreAnError) {
  bench_.deliver(answer(base::DnsCode::no_such_name, std::nullopt));
  run(bench_, {hears(framed({"ERROR"}))});
}

TEST_F(Names, AreAskedForAgainAndGivenUp) {
  run(bench_, {is_silent(18s), hears(framed({"ERROR"}), 2s)});
  EXPECT_EQ(bench_.sent().size(), 3U);
  run(bench_, {say(kAsk), is_silent(1s)});
  const auto again = bench_.sent();
  ASSERT_EQ(again.size(), 1U);
  bench_.deliver(answer(base::DnsCode::good, 1));  // of the question before
  run(bench_, {is_silent(1s)});
  question_ = again[0];
  bench_.deliver(answer(base::DnsCode::good, 0x0A0A0A0A));
  run(bench_, {hears(framed({"+UDNSRN: \"10.10.10.10\"", "OK"}))});
}

TEST_F(Names, AreForgottenWithTheSession) {
  bench_.end_session();
  run(bench_, {pass(200ms)});
  EXPECT_NE(bench_.heard().find("ERROR"), std::string::npos);
}

}  // namespace
}  // namespace rig::modem
