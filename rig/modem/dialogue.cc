#include "modem/dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "modem/commands.h"

namespace rig::modem {
namespace {

using namespace std::chrono_literals;

// An answer takes up to twice the shortest time, in steps: finer chance tells nobody anything and
// does not compress.
constexpr std::uint64_t kThoughtSteps = 20;
constexpr base::Duration kUploadPatience = 10s;
constexpr base::Duration kUrcDelay = 300ms;  // of one that waits for a command to sneak into

}  // namespace

void Dialogue::feed(Core& core, base::ByteView bytes, base::Instant now) {
  const std::size_t room = kCapacity - std::min(kCapacity, backlog_.size());
  if (bytes.size() > room && !std::exchange(overflowing_, true)) {
    core.state("input overflow", now);
  }
  base::append(backlog_, bytes.first(std::min(room, bytes.size())));
  consume(core, now);
}

void Dialogue::consume(Core& core, base::Instant now) {
  std::size_t used = 0;
  while (used < backlog_.size()) {
    if (stage_ == Stage::idle) {
      used = consume_line(core, used, now);
    } else if (stage_ == Stage::uploading) {
      used = consume_data(core, used, now);
    } else {
      break;
    }
  }
  backlog_.erase(backlog_.begin(), backlog_.begin() + static_cast<std::ptrdiff_t>(used));
  if (has_room()) overflowing_ = false;
}

std::size_t Dialogue::consume_line(Core& core, std::size_t from, base::Instant now) {
  std::size_t end = from;
  bool complete = false;
  while (end < backlog_.size() && !complete) {
    complete = editor_.feed(static_cast<char>(backlog_[end++]));
  }
  if (core.settings.echo) {
    core.port.echo(base::ByteView(backlog_).subspan(from, end - from), now);
  }
  if (complete) accept_line(core, now);
  return end;
}

std::size_t Dialogue::consume_data(Core& core, std::size_t from, base::Instant now) {
  const std::size_t taken = std::min(upload_.length - data_.size(), backlog_.size() - from);
  base::append(data_, base::ByteView(backlog_).subspan(from, taken));
  if (data_.size() == upload_.length) {
    core.port.trace(TraceKind::command, fmt::format("<{} bytes>", data_.size()), now);
    data_complete_ = true;
    think(core, now);
  }
  return from + taken;
}

void Dialogue::accept_line(Core& core, base::Instant now) {
  core.port.trace(TraceKind::command, editor_.line(), now);
  auto body = command_body(editor_.line());
  line_too_long_ = editor_.overflowed();
  editor_.clear();
  if (!body) return;
  body_ = std::move(*body);
  body_used_ = 0;
  think(core, now);
}

void Dialogue::think(Core& core, base::Instant now) {
  stage_ = Stage::thinking;
  const base::Duration shortest = core.network.answer_time;
  const auto steps = static_cast<std::int64_t>(core.random.below(kThoughtSteps));
  due_ = now + shortest + shortest / static_cast<std::int64_t>(kThoughtSteps) * steps;
  if (sneaks(core)) release_urcs(core, now);
}

void Dialogue::execute(Core& core, base::Instant now) {
  if (line_too_long_) {
    answer(core, "ERROR", now);
    return;
  }
  stage_ = Stage::idle;
  while (body_used_ < body_.size()) {
    std::string_view rest = std::string_view(body_).substr(body_used_);
    const auto command = take_command(rest);
    body_used_ = body_.size() - rest.size();
    const Outcome outcome = command ? dispatch(core, *command, now) : error();
    if (outcome.kind != Outcome::Kind::ok) {
      follow(core, outcome, now);
      return;
    }
  }
  answer(core, "OK", now);
}

void Dialogue::execute_upload(Core& core, base::Instant now) {
  data_complete_ = false;
  const base::Bytes data = std::exchange(data_, {});
  const Outcome outcome = commands::upload_done(core, upload_, data, now);
  if (outcome.kind == Outcome::Kind::ok) {
    execute(core, now);  // the rest of the line, or OK
  } else {
    follow(core, outcome, now);
  }
}

void Dialogue::follow(Core& core, const Outcome& outcome, base::Instant now) {
  switch (outcome.kind) {
    case Outcome::Kind::ok:
      execute(core, now);
      return;
    case Outcome::Kind::error:
      answer(core, "ERROR", now);
      return;
    case Outcome::Kind::cme:
      answer(core, cme_line(outcome.cme, core.settings.error_format), now);
      return;
    case Outcome::Kind::upload:
      upload_ = outcome.upload;
      data_.clear();
      stage_ = Stage::uploading;
      due_ = now + kUploadPatience;
      core.port.prompt(now);
      return;
    case Outcome::Kind::wait:
      wait_ = outcome.wait;
      stage_ = Stage::waiting;
      check_wait(core, now);
      return;
  }
}

void Dialogue::answer(Core& core, std::string_view final_line, base::Instant now) {
  core.port.finish(final_line, now);
  stage_ = Stage::idle;
  wait_ = {};
  body_.clear();
  body_used_ = 0;
  line_too_long_ = false;
  consume(core, now);
}

void Dialogue::check_wait(Core& core, base::Instant now) {
  const bool over = now >= wait_.until;
  switch (wait_.what) {
    case Awaited::nothing:
      return;
    case Awaited::activation:
      if (over) follow(core, core.activate(now) ? done() : error(), now);
      return;
    case Awaited::attachment:
      core.attach(now);
      if (core.data.attached || over) follow(core, core.data.attached ? done() : error(), now);
      return;
    case Awaited::registration:
      if (core.registration.registered()) {
        follow(core, done(), now);
      } else if (over || !core.registration.due()) {
        follow(core, error(), now);
      }
      return;
    case Awaited::connection:
      check_connection(core, now);
      return;
    case Awaited::closing:
      check_closing(core, now);
      return;
    case Awaited::name:
      check_name(core, now);
      return;
    case Awaited::refusal:
      if (over) follow(core, error(), now);
      return;
    case Awaited::power_off:
    case Awaited::restart:
      if (over) go_down(core, now);
      return;
  }
}

void Dialogue::check_connection(Core& core, base::Instant now) {
  Socket* const socket = core.sockets.find(wait_.socket);
  if (socket == nullptr || !socket->stream) {
    follow(core, error(), now);
  } else if (socket->stream->connected()) {
    follow(core, done(), now);
  } else if (socket->stream->failed() || now >= wait_.until) {
    socket->stream->abort();
    core.send_streams();
    socket->stream.reset();
    socket->close_notice = false;
    follow(core, error(), now);
  }
}

void Dialogue::check_name(Core& core, base::Instant now) {
  if (const auto address = core.names.address()) {
    core.port.add_line(fmt::format("+UDNSRN: \"{}\"", base::to_text(*address)));
    follow(core, done(), now);
  } else if (core.names.failed() || now >= wait_.until) {
    follow(core, error(), now);
  }
}

void Dialogue::check_closing(Core& core, base::Instant now) {
  Socket* const socket = core.sockets.find(wait_.socket);
  if (socket != nullptr && socket->stream && !socket->stream->done()) {
    if (now < wait_.until) return;
    socket->stream->abort();
    core.send_streams();
  }
  if (socket != nullptr) core.sockets.close(wait_.socket);
  follow(core, done(), now);
}

// OK is the last that the host hears.
void Dialogue::go_down(Core& core, base::Instant now) {
  const bool for_good = wait_.what == Awaited::power_off;
  core.port.finish("OK", now);
  core.forget(for_good ? "power-off" : "restart", now);
  core.state(for_good ? "power off" : "restart", now);
  if (for_good) {
    core.power.shut_down();
  } else {
    core.power.restart(now);
  }
  forget();
}

void Dialogue::settle(Core& core, base::Instant now) {
  if (stage_ == Stage::waiting) check_wait(core, now);
  const bool something = core.port.urcs_waiting() || core.sockets.notices_waiting();
  if (!something) urcs_withheld_until_.reset();
  if (stage_ != Stage::idle || !editor_.empty() || !something) return;
  if (!urcs_withheld_until_ && sneaks(core)) urcs_withheld_until_ = now + kUrcDelay;
  if (!urcs_withheld_until_ || now >= *urcs_withheld_until_) release_urcs(core, now);
}

void Dialogue::release_urcs(Core& core, base::Instant now) {
  urcs_withheld_until_.reset();
  for (std::string& text : core.sockets.take_notices()) core.port.queue_urc(std::move(text));
  core.port.release_urcs(now);
}

bool Dialogue::sneaks(Core& core) {
  if (core.quirks.urc_before_answer <= 0) return false;
  if (!core.port.urcs_waiting() && !core.sockets.notices_waiting()) return false;
  return core.random.unit() < core.quirks.urc_before_answer;
}

void Dialogue::advance(Core& core, base::Instant now) {
  if (stage_ == Stage::thinking && due_ <= now) {
    if (data_complete_) {
      execute_upload(core, now);
    } else {
      execute(core, now);
    }
  } else if (stage_ == Stage::uploading && due_ <= now) {
    data_.clear();
    answer(core, "ERROR", now);
  }
}

std::optional<base::Instant> Dialogue::wake_time() const {
  switch (stage_) {
    case Stage::thinking:
    case Stage::uploading:
      return due_;
    case Stage::waiting:
      return wait_.until;
    case Stage::idle:
      if (editor_.empty()) return urcs_withheld_until_;
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace rig::modem
