#include "ota/http_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace rig::ota {
namespace {

std::string_view reason(std::uint16_t status) {
  switch (status) {
    case 200:
      return "OK";
    case 206:
      return "Partial Content";
    case 302:
      return "Found";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 416:
      return "Range Not Satisfiable";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

// What a head says besides its status.
struct Head {
  std::int64_t length{};
  bool keep{};
  std::string fields;  // complete lines
};

std::string text_of(std::uint16_t status, const Head& head) {
  return fmt::format("HTTP/1.1 {} {}\r\nServer: otarig\r\nContent-Length: {}\r\n{}{}\r\n", status,
                     reason(status), std::max<std::int64_t>(head.length, 0), head.fields,
                     head.keep ? "" : "Connection: close\r\n");
}

HttpAnswer without_body(std::uint16_t status, bool keep, std::string fields = {}) {
  using Then = HttpAnswer::Then;
  return {.status = status,
          .head = text_of(status, {.length = 0, .keep = keep, .fields = std::move(fields)}),
          .image = nullptr,
          .then = keep ? Then::keep : Then::close};
}

const CatalogueEntry* image_at(std::string_view target, const HttpSettings& settings,
                               const Catalogue& catalogue) {
  if (!target.starts_with(settings.path)) return nullptr;
  const std::string_view name = target.substr(settings.path.size());
  std::uint16_t version = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), version);
  if (error != std::errc() || end != name.data() + name.size()) return nullptr;
  return entry_of(catalogue, ModuleFunction::user, version);
}

// The faults that stand in the place of the image.
std::optional<HttpAnswer> refusal(const HttpSettings& settings, std::uint32_t number, bool keep) {
  for (const HttpFault& fault : settings.faults) {
    if (!fault.concerns(number)) continue;
    if (fault.kind == HttpFault::Kind::redirect) {
      return without_body(302, keep, fmt::format("Location: {}\r\n", fault.location));
    }
    if (fault.kind == HttpFault::Kind::status) {
      const auto wait = fault.retry_after;
      return without_body(
          fault.status, keep,
          wait ? fmt::format("Retry-After: {}\r\n", *wait / std::chrono::seconds(1)) : "");
    }
  }
  return std::nullopt;
}

void spoil(HttpAnswer& answer, const HttpFault& fault) {
  switch (fault.kind) {
    case HttpFault::Kind::stall:
      answer.stall_at = fault.bytes;
      answer.stall_for = fault.pause;
      return;
    case HttpFault::Kind::truncate:
    case HttpFault::Kind::reset:
      if (fault.bytes > answer.length) return;
      answer.length = fault.bytes;
      answer.then =
          fault.kind == HttpFault::Kind::reset ? HttpAnswer::Then::reset : HttpAnswer::Then::close;
      return;
    case HttpFault::Kind::slow:
      answer.bytes_per_second = fault.bytes;
      return;
    case HttpFault::Kind::length:
    case HttpFault::Kind::status:
    case HttpFault::Kind::redirect:
      return;
  }
}

std::int64_t length_error(const HttpSettings& settings, std::uint32_t number) {
  std::int64_t off = 0;
  for (const HttpFault& fault : settings.faults) {
    if (fault.concerns(number) && fault.kind == HttpFault::Kind::length) off += fault.off;
  }
  return off;
}

}  // namespace

HttpAnswer answer_to(const HttpRequest& request, const HttpSettings& settings,
                     const Catalogue& catalogue, std::uint32_t number) {
  const bool keep = request.keeps_alive();
  const bool head_only = request.method == "HEAD";
  if (!head_only && request.method != "GET") return without_body(405, keep, "Allow: GET, HEAD\r\n");
  if (auto refused = refusal(settings, number, keep)) return *refused;
  const CatalogueEntry* const entry = image_at(request.target, settings, catalogue);
  if (entry == nullptr) return without_body(404, keep);
  const std::uint64_t size = entry->image.size();
  const auto range = read_range(settings.ranges ? request.field("range") : std::nullopt, size);
  if (std::holds_alternative<UnsatisfiableRange>(range)) {
    return without_body(416, keep, fmt::format("Content-Range: bytes */{}\r\n", size));
  }
  const auto* const part = std::get_if<ByteRange>(&range);
  HttpAnswer answer;
  answer.status = part == nullptr ? 200 : 206;
  answer.image = head_only ? nullptr : &entry->image;
  answer.first = part == nullptr ? 0 : part->first;
  answer.length = part == nullptr ? size : part->length;
  Head head{.length = static_cast<std::int64_t>(answer.length) + length_error(settings, number),
            .keep = keep,
            .fields = "Content-Type: application/octet-stream\r\n"};
  if (settings.ranges) head.fields += "Accept-Ranges: bytes\r\n";
  if (part != nullptr) {
    head.fields += fmt::format("Content-Range: bytes {}-{}/{}\r\n", part->first,
                               part->first + part->length - 1, size);
  }
  answer.head = text_of(answer.status, head);
  answer.then = keep ? HttpAnswer::Then::keep : HttpAnswer::Then::close;
  if (head_only) answer.length = 0;
  for (const HttpFault& fault : settings.faults) {
    if (fault.concerns(number)) spoil(answer, fault);
  }
  return answer;
}

HttpAnswer answer_to(const BadRequest& request) { return without_body(request.status, false); }

}  // namespace rig::ota
