#include "scenario/line_pattern.h"

#include <re2/re2.h>

#include "base/assert.h"

namespace rig::scenario {
namespace {

RE2::Options quiet() {
  RE2::Options options(RE2::Quiet);
  options.set_encoding(RE2::Options::EncodingLatin1);  // a console prints bytes, not always UTF-8
  return options;
}

}  // namespace

LinePattern::LinePattern(std::string text)
    : text_(std::move(text)), regex_(std::make_unique<RE2>(text_, quiet())) {
  RIG_ASSERT(regex_->ok());
}
LinePattern::LinePattern(const LinePattern& other) : LinePattern(other.text_) {}
LinePattern::LinePattern(LinePattern&&) noexcept = default;
LinePattern& LinePattern::operator=(const LinePattern& other) {
  *this = LinePattern(other);
  return *this;
}
LinePattern& LinePattern::operator=(LinePattern&&) noexcept = default;
LinePattern::~LinePattern() = default;

bool LinePattern::found_in(std::string_view line) const {
  return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *regex_);
}

std::string LinePattern::problem_with(const std::string& text) {
  return RE2(text, quiet()).error();
}

}  // namespace rig::scenario
