#include "modem/host_port.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rig::modem {
namespace {

void append_line(base::Bytes& to, std::string_view line) {
  base::append(to, "\r\n");
  base::append(to, line);
  base::append(to, "\r\n");
}

// A timeline is text: what a confused driver sends must not break it.
std::string printable(std::string_view text) {
  std::string clean(text);
  std::ranges::replace_if(
      clean, [](char letter) { return letter < 0x20 || letter > 0x7E; }, '.');
  return clean;
}

}  // namespace

void HostPort::to_uart(base::Bytes bytes, base::Instant at) {
  auto& entry = std::get<UartBytes>(outputs_.emplace_back(std::in_place_type<UartBytes>));
  entry.at = std::max(at, floor_);
  entry.bytes = std::move(bytes);
}

void HostPort::echo(base::ByteView bytes, base::Instant at) {
  if (bytes.empty()) return;
  to_uart({bytes.begin(), bytes.end()}, at);
}

void HostPort::add_line(std::string_view line) {
  append_line(answer_, line);
  answer_lines_.emplace_back(line);
}

void HostPort::add_data(std::string_view head, base::ByteView data, bool empty_line) {
  base::append(answer_, "\r\n");
  base::append(answer_, head);
  base::append(answer_, "\"");
  base::append(answer_, data);
  base::append(answer_, empty_line ? "\"\r\n" : "\"");
  answer_lines_.push_back(fmt::format("{}<{} bytes>", head, data.size()));
}

void HostPort::finish(std::string_view final_line, base::Instant at) {
  append_line(answer_, final_line);
  for (const std::string& line : answer_lines_) trace(TraceKind::answer, line, at);
  trace(TraceKind::answer, final_line, at);
  to_uart(std::exchange(answer_, {}), at);
  answer_lines_.clear();
}

void HostPort::prompt(base::Instant at) {
  trace(TraceKind::answer, "@", at);
  to_uart(base::bytes_of("\r\n@"), at);
}

void HostPort::release_urcs(base::Instant at) {
  for (const std::string& text : urcs_) {
    trace(TraceKind::urc, text, at);
    base::Bytes framed;
    append_line(framed, text);
    to_uart(std::move(framed), at);
  }
  urcs_.clear();
}

void HostPort::trace(TraceKind kind, std::string_view text, base::Instant at) {
  outputs_.push_back(Trace{std::max(at, floor_), kind, printable(text)});
}

void HostPort::send(base::Packet packet) { outputs_.push_back(SendPacket{std::move(packet)}); }

void HostPort::forget() {
  answer_.clear();
  answer_lines_.clear();
  urcs_.clear();
}

std::vector<Output> HostPort::take_outputs() { return std::exchange(outputs_, {}); }

}  // namespace rig::modem
