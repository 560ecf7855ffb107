#include "modem/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "modem/commands.h"

namespace rig::modem {
namespace {

using namespace commands;

enum class For : std::uint8_t { both, u2, r410 };
enum class Card : std::uint8_t { any, needed };

struct Entry {
  std::string_view name;
  Handler handler;
  For models{For::both};
  Card card{Card::any};
};

constexpr auto kTable = std::to_array<Entry>({
    {"&C", accept_quietly},
    {"&D", accept_quietly},
    {"&F", restore_line},
    {"&K", accept_quietly},
    {"&S", accept_quietly},
    {"&W", accept_quietly},
    {"+CCID", card_number, For::both, Card::needed},
    {"+CEDRXS", stored_setting, For::r410},
    {"+CEREG", registration_lte, For::r410},
    {"+CFUN", function_level},
    {"+CGATT", packet_attach, For::both, Card::needed},
    {"+CGDCONT", context, For::r410},
    {"+CGMI", manufacturer},
    {"+CGMM", model_name},
    {"+CGMR", firmware_version},
    {"+CGPADDR", context_address},
    {"+CGREG", registration_packet},
    {"+CGSN", serial_number},
    {"+CIMI", subscriber, For::both, Card::needed},
    {"+CMEE", error_format},
    {"+CMER", indications},
    {"+CMGF", stored_setting},
    {"+CNMI", stored_setting},
    {"+CNUM", own_number, For::both, Card::needed},
    {"+COPS", operator_selection, For::both, Card::needed},
    {"+CPIN", card_state, For::both, Card::needed},
    {"+CPSMS", stored_setting, For::r410},
    {"+CPWROFF", power_off},
    {"+CREG", registration_circuit},
    {"+CSQ", signal_quality},
    {"+IPR", stored_setting},
    {"+UAUTHREQ", context_authentication, For::r410},
    {"+UDNSRN", resolve_name},
    {"+UMNOPROF", stored_setting, For::r410},
    {"+UPSD", profile_set, For::u2},
    {"+UPSDA", profile_action, For::u2, Card::needed},
    {"+UPSND", profile_status, For::u2},
    {"+UPSV", stored_setting},
    {"+URAT", stored_setting, For::r410},
    {"+USOCL", socket_close},
    {"+USOCO", socket_connect},
    {"+USOCR", socket_create},
    {"+USOCTL", socket_control},
    {"+USOER", socket_error},
    {"+USORD", socket_read},
    {"+USORF", socket_receive_from},
    {"+USOST", socket_send_to},
    {"+USOWR", socket_write},
    {"E", echo},
    {"I", identify},
    {"Q", accept_quietly},
    {"V", accept_quietly},
    {"Z", restore_line},
});
static_assert(std::ranges::is_sorted(kTable, {}, &Entry::name));

const Entry* find(std::string_view name, Model model) {
  const auto found = std::ranges::lower_bound(kTable, name, {}, &Entry::name);
  if (found == kTable.end() || found->name != name) return nullptr;
  const For mine = model == Model::sara_u2 ? For::u2 : For::r410;
  return found->models == For::both || found->models == mine ? &*found : nullptr;
}

std::string_view text_of(CmeError code) {
  switch (code) {
    case CmeError::operation_not_allowed:
      return "operation not allowed";
    case CmeError::operation_not_supported:
      return "operation not supported";
    case CmeError::sim_not_inserted:
      return "SIM not inserted";
    case CmeError::incorrect_parameters:
      return "Incorrect parameters";
  }
  return "unknown";
}

}  // namespace

std::string cme_line(CmeError code, std::uint8_t format) {
  if (format == 0) return "ERROR";
  if (format == 1) return fmt::format("+CME ERROR: {}", static_cast<int>(code));
  return fmt::format("+CME ERROR: {}", text_of(code));
}

Outcome dispatch(Core& core, const Command& command, base::Instant now) {
  const Entry* const entry = find(command.name, core.model);
  if (entry == nullptr) return error();
  if (command.form == Form::test) return done();
  if (entry->card == Card::needed && !core.sim.inserted) return cme(CmeError::sim_not_inserted);
  return entry->handler(core, command, now);
}

}  // namespace rig::modem
