#include "ota/http_request.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace rig::ota {
namespace {

using std::string_view;

constexpr string_view kLineEnd = "\r\n";

string_view trimmed(string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::optional<std::uint64_t> number(string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "GET http://host/path HTTP/1.1"; the path of an absolute form is what is behind the authority.
std::optional<BadRequest> read_first_line(string_view line, HttpRequest& request) {
  const auto method_end = line.find(' ');
  const auto target_end = line.rfind(' ');
  if (method_end == string_view::npos || target_end <= method_end + 1 || method_end == 0) {
    return BadRequest{400, "request line"};
  }
  request.method = line.substr(0, method_end);
  string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  const string_view version = line.substr(target_end + 1);
  if (version.substr(0, 5) != "HTTP/") return BadRequest{400, "request line"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return BadRequest{505, "version"};
  request.version_1_0 = version == "HTTP/1.0";
  if (lower(target.substr(0, 7)) == "http://") {
    const auto path = target.find('/', 7);
    target = path == string_view::npos ? "/" : target.substr(path);
  }
  if (target.empty() || target.front() != '/') return BadRequest{400, "request target"};
  request.target = target;
  return std::nullopt;
}

std::optional<BadRequest> read_field(string_view line, HttpRequest& request) {
  const auto colon = line.find(':');
  if (colon == string_view::npos || colon == 0) return BadRequest{400, "header field"};
  const string_view name = line.substr(0, colon);
  if (name.find_first_of(" \t") != string_view::npos) return BadRequest{400, "header field"};
  request.fields.emplace_back(lower(name), trimmed(line.substr(colon + 1)));
  return std::nullopt;
}

std::optional<BadRequest> check(const HttpRequest& request) {
  if (!request.version_1_0 && !request.field("host")) return BadRequest{400, "no Host field"};
  if (request.field("transfer-encoding")) return BadRequest{501, "transfer encoding"};
  if (const auto length = request.field("content-length"); length && *length != "0") {
    return BadRequest{413, "a body"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<string_view> HttpRequest::field(string_view name) const {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

bool HttpRequest::keeps_alive() const {
  const std::string connection = lower(field("connection").value_or(""));
  return version_1_0 ? connection == "keep-alive" : connection != "close";
}

std::variant<ReadRequest, IncompleteRequest, BadRequest> read_request(base::ByteView bytes) {
  const string_view text = base::as_text(bytes);
  const auto head_end = text.find("\r\n\r\n");
  if (head_end == string_view::npos) {
    if (text.size() >= kHttpHeadLimit) return BadRequest{431, "head too long"};
    return IncompleteRequest{};
  }
  if (head_end >= kHttpHeadLimit) return BadRequest{431, "head too long"};
  ReadRequest read{.request = {}, .length = head_end + 2 * kLineEnd.size()};
  std::size_t begin = 0;
  for (bool first = true; begin <= head_end; first = false) {
    const auto end = std::min(text.find(kLineEnd, begin), head_end);
    const string_view line = text.substr(begin, end - begin);
    const auto bad = first ? read_first_line(line, read.request) : read_field(line, read.request);
    if (bad) return *bad;
    begin = end + kLineEnd.size();
  }
  if (const auto bad = check(read.request)) return *bad;
  return read;
}

std::variant<ByteRange, WholeBody, UnsatisfiableRange> read_range(std::optional<string_view> field,
                                                                  std::uint64_t size) {
  constexpr string_view kUnit = "bytes=";
  if (!field || field->substr(0, kUnit.size()) != kUnit) return WholeBody{};
  const string_view range = trimmed(field->substr(kUnit.size()));
  const auto dash = range.find('-');
  if (dash == string_view::npos || range.find(',') != string_view::npos) return WholeBody{};
  const auto first = number(range.substr(0, dash));
  const auto last = number(range.substr(dash + 1));
  if (dash == 0) {  // the last so many bytes
    if (!last) return WholeBody{};
    if (*last == 0 || size == 0) return UnsatisfiableRange{};
    const std::uint64_t length = std::min(*last, size);
    return ByteRange{size - length, length};
  }
  if (!first || (!last && dash + 1 != range.size()) || (last && *last < *first)) return WholeBody{};
  if (*first >= size) return UnsatisfiableRange{};
  const std::uint64_t end = last ? std::min(*last, size - 1) + 1 : size;
  return ByteRange{*first, end - *first};
}

}  // namespace rig::ota
