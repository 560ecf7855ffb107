#include "functions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

namespace tidy {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool is_blank(char letter) { return std::isspace(static_cast<unsigned char>(letter)) != 0; }
bool is_word_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

// The offset of the bracket that closes the one at `open`; npos when the text ends before.
std::size_t closing(std::string_view text, std::size_t open) {
  const char opener = text[open];
  const char closer = opener == '(' ? ')' : opener == '{' ? '}' : opener == '[' ? ']' : '>';
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == opener) ++depth;
    if (text[at] == closer && !(closer == '>' && text[at - 1] == '-') && --depth == 0) return at;
  }
  return kNowhere;
}

void blank(std::string& text, std::size_t from, std::size_t behind) {
  for (std::size_t at = from; at < std::min(behind, text.size()); ++at) {
    if (text[at] != '\n') text[at] = ' ';
  }
}

std::string without_preprocessor(std::string code) {
  bool continued = false;
  std::size_t at = 0;
  while (at < code.size()) {
    const std::size_t end = std::min(code.find('\n', at), code.size());
    const std::size_t first = std::min(code.find_first_not_of(" \t", at), end);
    const bool directive = continued || (first < end && code[first] == '#');
    continued = directive && end > at && code[end - 1] == '\\';
    if (directive) blank(code, at, end);
    at = end + 1;
  }
  return code;
}

// Blanks `word` and the bracketed group that follows it, wherever they stand.
void blank_group(std::string& head, std::string_view word) {
  for (std::size_t at = find_word(head, word); at != kNowhere; at = find_word(head, word, at + 1)) {
    const std::size_t open = head.find_first_not_of(" \n", at + word.size());
    if (open == kNowhere || (head[open] != '(' && head[open] != '<')) continue;
    const std::size_t close = closing(head, open);
    blank(head, at, close == kNowhere ? head.size() : close + 1);
  }
}

// operator==, operator() and so on become plain names: operator__, operator__.
void plain_operator(std::string& head) {
  constexpr std::string_view kOperator = "operator";
  const std::size_t at = find_word(head, kOperator);
  if (at == kNowhere) return;
  std::size_t end = at + kOperator.size();
  if (head.substr(end).starts_with("()")) end += 2;
  while (end < head.size() && std::string_view("=<>!+-*/%&|^~[],").find(head[end]) != kNowhere)
    ++end;
  std::fill(head.begin() + static_cast<std::ptrdiff_t>(at + kOperator.size()),
            head.begin() + static_cast<std::ptrdiff_t>(end), '_');
}

// A declaration without attributes and template parameters, of the same length.
std::string plain_head(std::string_view declaration) {
  std::string head(declaration);
  for (std::size_t at = head.find("[["); at != kNowhere; at = head.find("[[", at)) {
    const std::size_t end = head.find("]]", at);
    blank(head, at, end == kNowhere ? head.size() : end + 2);
  }
  for (const char* word : {"alignas", "__attribute__", "template", "decltype", "noexcept"}) {
    blank_group(head, word);
  }
  plain_operator(head);
  return head;
}

bool has_word(std::string_view text, std::string_view word) {
  return find_word(text, word) != kNowhere;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// The first `wanted` that is not inside (), {}, [] or template arguments.
std::size_t find_outside(std::string_view text, char wanted, std::size_t from = 0) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == wanted) return at;
    const bool template_arguments = text[at] == '<' && at > 0 && is_word_letter(text[at - 1]);
    if (template_arguments || std::string_view("({[").find(text[at]) != kNowhere) {
      const std::size_t close = closing(text, at);
      if (close == kNowhere) return kNowhere;
      at = close;
    }
  }
  return kNowhere;
}

// The parameters' opening parenthesis.
std::size_t parameter_list(std::string_view head) { return find_outside(head, '('); }

bool is_assignment(std::string_view head) { return find_outside(head, '=') != kNowhere; }

// After a constructor's parameters: "Clock(int a) : a_(a), b_" expects one more initialiser.
bool expects_initialiser(std::string_view head, std::size_t open) {
  const std::size_t close = closing(head, open);
  if (close == kNowhere) return false;
  std::size_t colon = find_outside(head, ':', close + 1);
  while (colon != kNowhere && head.substr(colon).starts_with("::")) {
    colon = find_outside(head, ':', colon + 2);
  }
  const char last = trimmed(head).back();
  return colon != kNowhere && (is_word_letter(last) || last == '>');
}

std::string name_before(std::string_view head, std::size_t open) {
  std::string_view before = trimmed(head.substr(0, open));
  std::size_t begin = before.size();
  while (begin > 0 && (is_word_letter(before[begin - 1]) || before[begin - 1] == '~')) --begin;
  return std::string(before.substr(begin));
}

bool is_macro(std::string_view name) {
  return name.size() > 2 && std::ranges::none_of(name, [](char letter) {
           return std::islower(static_cast<unsigned char>(letter)) != 0;
         });
}

// The first parameter names a C library that calls back: its signature is not ours to shorten.
bool is_dictated(std::string_view list) {
  return std::ranges::any_of(std::array{"uc_engine", "sqlite3"}, [list](std::string_view handle) {
    return trimmed(list).starts_with(handle);
  });
}

int count_parameters(std::string_view list) {
  list = trimmed(list);
  if (list.empty() || list == "void" || is_dictated(list)) return 0;
  int count = 1;
  for (std::size_t at = find_outside(list, ','); at != kNowhere;
       at = find_outside(list, ',', at + 1)) {
    ++count;
  }
  return count;
}

enum class Block { scope, function, initialiser, other };

Block block_after(std::string_view head) {
  const std::size_t open = parameter_list(head);
  if (has_word(head, "namespace")) return Block::scope;
  if (is_assignment(head) || trimmed(head).starts_with("catch")) return Block::other;
  if (open != kNowhere) {
    if (name_before(head, open).empty()) return Block::other;
    return expects_initialiser(head, open) ? Block::initialiser : Block::function;
  }
  const bool opens_scope =
      std::ranges::any_of(std::array{"class", "struct", "union", "enum", "extern"},
                          [head](const char* word) { return has_word(head, word); });
  return opens_scope ? Block::scope : Block::other;
}

class Scanner {
 public:
  explicit Scanner(const SourceFile& file) : text_(without_preprocessor(file.code)) {}

  std::vector<Function> run() {
    while (at_ < text_.size()) step();
    return std::move(found_);
  }

 private:
  // Scopes need no stack: entering and leaving one just begins a new declaration.
  void step() {
    const char letter = text_[at_];
    if (letter == '(') {
      skip_group();
    } else if (letter == '{') {
      block();
    } else if (letter == ';' || letter == '}' || ends_access_label()) {
      begin_declaration(at_ + 1);
    } else {
      ++at_;
    }
  }

  void begin_declaration(std::size_t at) { head_ = at_ = at; }

  [[nodiscard]] std::size_t group_end() const {
    const std::size_t close = closing(text_, at_);
    return close == kNowhere ? text_.size() : close + 1;
  }
  void skip_group() { at_ = group_end(); }

  [[nodiscard]] bool ends_access_label() const {
    if (text_[at_] != ':') return false;
    const std::string_view label = trimmed(std::string_view(text_).substr(head_, at_ - head_));
    return label == "public" || label == "protected" || label == "private";
  }

  void block() {
    const std::string head = plain_head(std::string_view(text_).substr(head_, at_ - head_));
    switch (block_after(head)) {
      case Block::scope:
        begin_declaration(at_ + 1);
        return;
      case Block::initialiser:
        skip_group();
        return;
      case Block::function:
        found_.push_back(function(head));
        [[fallthrough]];
      case Block::other:
        begin_declaration(group_end());
    }
  }

  [[nodiscard]] Function function(std::string_view head) const {
    const std::size_t begin = text_.find_first_not_of(" \n\t", head_);
    const std::size_t open = parameter_list(head);
    const std::size_t close = closing(head, open);
    Function found{.name = name_before(head, open), .line = line_number(text_, begin)};
    found.lines = line_number(text_, group_end() - 1) - found.line + 1;
    found.parameters =
        is_macro(found.name) ? 0 : count_parameters(head.substr(open + 1, close - open - 1));
    return found;
  }

  std::string text_;
  std::size_t at_{0};
  std::size_t head_{0};  // where the current declaration begins
  std::vector<Function> found_;
};

}  // namespace

std::vector<Function> functions_in(const SourceFile& file) { return Scanner(file).run(); }

}  // namespace tidy
