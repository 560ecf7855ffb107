#include "unit/ota/scripted_device.h"

#include <fmt/core.h>

#include <algorithm>

namespace rig::ota::testing {

CatalogueEntry make_entry(const ImageMaker& wanted) {
  base::Bytes image(wanted.bytes);
  base::Random random(wanted.version * 7u + static_cast<unsigned>(wanted.function));
  for (auto& byte : image) byte = static_cast<std::uint8_t>(random.next());
  const bool user = wanted.function == ModuleFunction::user;
  const std::size_t at = user ? 0 : 0x184;
  if (!user) std::fill_n(image.begin(), 24, std::uint8_t{0x20});
  std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(at), 24, std::uint8_t{0});
  const std::uint32_t start = user                                            ? 0x08080000
                              : wanted.function == ModuleFunction::bootloader ? 0x08000000
                                                                              : 0x08020000;
  base::write_le32(image, at, start);
  base::write_le32(image, at + 4, start + static_cast<std::uint32_t>(wanted.bytes) - 4);
  base::write_le16(image, at + 10, wanted.version);
  base::write_le16(image, at + 12, 10);
  image[at + 14] = static_cast<std::uint8_t>(wanted.function);
  if (wanted.needs_system != 0) {
    image[at + 16] = 4;
    image[at + 17] = 1;
    base::write_le16(image, at + 18, wanted.needs_system);
  }
  return {.function = wanted.function, .version = wanted.version, .image = std::move(image)};
}

std::uint16_t ScriptedDevice::needs_system(std::uint16_t user_version) {
  return user_version >= 2 ? 700 : 604;
}

bool ScriptedDevice::safe_mode() const {
  const auto user = installed.find(ModuleFunction::user);
  if (user == installed.end() || corrupt.contains(ModuleFunction::user)) return true;
  return installed.at(ModuleFunction::system) < needs_system(user->second);
}

std::string ScriptedDevice::describe_text() const {
  std::string modules;
  for (const auto& [function, version] : installed) {
    const bool user = function == ModuleFunction::user;
    const char letter = user ? 'u' : function == ModuleFunction::system ? 's' : 'b';
    unsigned passed = 30;
    if (corrupt.contains(function)) passed &= ~2u;
    std::string needs;
    if (user) {
      if (installed.at(ModuleFunction::system) < needs_system(version)) passed &= ~4u;
      needs = fmt::format(R"({{"f":"s","n":1,"v":{},"_":""}})", needs_system(version));
    }
    modules += fmt::format(R"({}{{"f":"{}","n":1,"v":{},"vc":30,"vv":{},"d":[{}]}})",
                           modules.empty() ? "" : ",", letter, version, passed, needs);
  }
  return fmt::format(R"({{"p":10,"imei":"35","iccid":"89","m":[{}]}})", modules);
}

void ScriptedDevice::boot(std::uint8_t reset_reason) {
  power_off();
  on_ = true;
  next_id_ = 1;
  ++boots;
  Hello hello{
      .device = {1, 2, 3},
      .session = fixed_session != 0 ? fixed_session : 0x1a00u + static_cast<unsigned>(boots),
      .mode = safe_mode() ? DeviceMode::safe : DeviceMode::normal,
      .reset_reason = reset_reason};
  queue_con(Code::hello, encode(hello));
  queue_con(Code::describe, base::bytes_of(describe_text()));
}

void ScriptedDevice::power_off() {
  on_ = false;
  cons_.clear();
  reception_.reset();
  restart_at_.reset();
  server_ids_.clear();
}

void ScriptedDevice::queue_con(Code code, base::Bytes payload) {
  cons_.push_back({Datagram{MessageType::con, code, next_id_++, std::move(payload)}, {}, 0});
  if (cons_.size() == 1) send_front();
}

void ScriptedDevice::send_front() {
  Con& con = cons_.front();
  con.due = lab_.now + seconds(4);
  send(con.datagram);
}

void ScriptedDevice::send(const Datagram& datagram) { lab_.up(encode(datagram), endpoint); }

void ScriptedDevice::receive(const base::Bytes& bytes) {
  if (!on_) return;
  const auto datagram = decode_datagram(bytes);
  if (!datagram) return;
  if (datagram->type == MessageType::ack) {
    if (cons_.empty() || cons_.front().datagram.id != datagram->id) return;
    const bool result = cons_.front().datagram.code == Code::result;
    cons_.pop_front();
    if (result) restart(result_code == 0 ? 70 : 80);
    if (!cons_.empty()) send_front();
    return;
  }
  if (datagram->type == MessageType::con) {
    const bool seen =
        std::find(server_ids_.begin(), server_ids_.end(), datagram->id) != server_ids_.end();
    const bool refuse = datagram->code == Code::begin && refuse_begin;
    send({MessageType::ack, refuse ? Code::refused : Code::ok, datagram->id, {}});
    if (seen && datagram->code == Code::chunk) con_chunks_seen_twice.insert(datagram->id);
    if (seen || refuse) {
      if (refuse && !seen) ++begins;
      server_ids_.push_back(datagram->id);
      return;
    }
    server_ids_.push_back(datagram->id);
    if (server_ids_.size() > 8) server_ids_.pop_front();
  }
  handle(*datagram);
}

void ScriptedDevice::handle(const Datagram& datagram) {
  if (datagram.code == Code::begin) {
    if (const auto begin = decode_begin(datagram.payload)) on_begin(*begin);
  } else if (datagram.code == Code::chunk) {
    if (const auto chunk = decode_chunk(datagram.payload)) on_chunk(*chunk);
  } else if (datagram.code == Code::done && reception_) {
    reception_->done = true;
    reception_->last_chunk = lab_.now;
    ask_for_missing();
  }
}

void ScriptedDevice::on_begin(const Begin& begin) {
  ++begins;
  const std::size_t chunks = (begin.length + begin.chunk_size - 1) / begin.chunk_size;
  reception_ =
      Reception{begin, base::Bytes(begin.length), std::vector<bool>(chunks), false, lab_.now};
  queue_con(Code::ready, {0});
}

void ScriptedDevice::on_chunk(const Chunk& chunk) {
  if (!reception_ || base::crc32(chunk.data) != chunk.crc) return;
  if (chunk.index >= reception_->have.size()) return;
  std::copy(chunk.data.begin(), chunk.data.end(),
            reception_->image.begin() + chunk.index * reception_->begin.chunk_size);
  reception_->have[chunk.index] = true;
  reception_->last_chunk = lab_.now;
  if (reception_->done) finish();
}

void ScriptedDevice::ask_for_missing() {
  Missing missing;
  for (std::size_t n = 0; n < reception_->have.size(); ++n) {
    if (reception_->have[n] || missing.indices.size() == kMissingPerRequest) continue;
    missing.indices.push_back(static_cast<std::uint16_t>(n));
  }
  if (missing.indices.empty()) {
    finish();
  } else {
    queue_con(Code::missing, encode(missing));
  }
}

void ScriptedDevice::finish() {
  const auto& have = reception_->have;
  if (std::find(have.begin(), have.end(), false) != have.end()) return;
  last_image = reception_->image;
  reception_.reset();
  ++transfers_completed;
  if (result_code == 0) install(last_image);
  queue_con(Code::result, {result_code});
}

void ScriptedDevice::install(const base::Bytes& image) {
  if (!on_install(image)) return;
  const std::size_t at = base::read_le32(image, 0) == 0x08080000 ? 0 : 0x184;
  const auto function = function_numbered(image[at + 14]);
  if (!function) return;
  installed[*function] = base::read_le16(image, at + 10);
  corrupt.erase(*function);
}

void ScriptedDevice::restart(std::uint8_t reason) {
  restart_at_ = lab_.now + seconds(20);  // reset, boot, registration
  restart_reason_ = reason;
}

void ScriptedDevice::advance() {
  if (!on_) return;
  if (restart_at_ && *restart_at_ <= lab_.now) {
    boot(restart_reason_);
    return;
  }
  if (!cons_.empty() && cons_.front().due <= lab_.now) {
    Con& con = cons_.front();
    if (++con.repeated > 3) {
      cons_.clear();
      reception_.reset();
      restart(90);  // the session is given up; the model connects anew
      return;
    }
    con.due = lab_.now + seconds(4 << con.repeated);
    send(con.datagram);
  }
  if (!reception_) return;
  if (lab_.now - reception_->last_chunk >= seconds(90)) {
    reception_.reset();
    cons_.clear();
    restart(90);
  } else if (reception_->done && cons_.empty() && lab_.now - reception_->last_chunk >= seconds(3)) {
    reception_->last_chunk = lab_.now;
    ask_for_missing();
  }
}

std::optional<base::Instant> ScriptedDevice::wake_time() const {
  if (!on_) return std::nullopt;
  std::optional<base::Instant> next = restart_at_;
  const auto consider = [&](base::Instant at) { next = next ? std::min(*next, at) : at; };
  if (!cons_.empty()) consider(cons_.front().due);
  if (reception_) {
    consider(reception_->last_chunk + seconds(90));
    if (reception_->done && cons_.empty()) consider(reception_->last_chunk + seconds(3));
  }
  return next;
}

void Lab::up(const base::Bytes& payload, base::Endpoint source) {
  if (lost()) return;
  flights_.push_back(
      {now + path_.delay, false,
       base::Packet{.source = source, .destination = kServer, .payload = payload, .header = {}}});
}

void Lab::collect() {
  for (const Output& output : server.take_outputs()) {
    if (const auto* trace = std::get_if<Trace>(&output)) {
      traces.push_back(*trace);
      continue;
    }
    const base::Packet& packet = std::get<SendPacket>(output).packet;
    ++sent_down;
    last_destination = packet.destination;
    if (!lost()) flights_.push_back({now + path_.delay, true, packet});
  }
}

void Lab::deliver() {
  while (!flights_.empty() && flights_.front().at <= now) {
    const Flight flight = flights_.front();
    flights_.pop_front();
    if (!flight.to_device) {
      server.receive(flight.packet, now);
    } else if (flight.packet.destination == device.endpoint) {
      device.receive(flight.packet.payload);
    }
    collect();
  }
}

std::optional<base::Instant> Lab::next_event() const {
  std::optional<base::Instant> next;
  const auto consider = [&](std::optional<base::Instant> at) {
    if (at) next = next ? std::min(*next, *at) : *at;
  };
  if (!flights_.empty()) consider(flights_.front().at);
  consider(server.wake_time());
  consider(device.wake_time());
  return next;
}

void Lab::run(base::Duration limit, const std::function<bool()>& stop) {
  const base::Instant end = now + limit;
  collect();
  while (!stop()) {
    const auto next = next_event();
    if (!next || *next > end) {
      now = end;
      return;
    }
    now = std::max(now, *next);
    deliver();
    server.advance(now);
    collect();
    device.advance();
  }
}

bool Lab::traced(TraceKind kind, const std::string& text) const {
  return std::any_of(traces.begin(), traces.end(), [&](const Trace& trace) {
    return trace.kind == kind && trace.text.find(text) != std::string::npos;
  });
}

std::vector<std::string> Lab::texts(TraceKind kind) const {
  std::vector<std::string> all;
  for (const Trace& trace : traces) {
    if (trace.kind == kind) all.push_back(trace.text);
  }
  return all;
}

std::string Lab::story() const {
  std::string text;
  for (const Trace& trace : traces) {
    text += fmt::format("{:10.3f} {} {}\n", base::to_seconds(trace.at.time_since_epoch()),
                        trace.value, trace.text);
  }
  return text;
}

}  // namespace rig::ota::testing
