#include "words.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tidy {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

enum class Where {
  everywhere,
  cxx,
  outside_the_shells,
  with_the_c_library,  // includes <cstdlib>: a function of ours may bear the name
};

struct Ban {
  std::string_view word;
  Where where;
  std::string_view instead;
};

constexpr std::array kBans{
    Ban{"new", Where::cxx, "hold a value, or std::make_unique where a driver is chosen"},
    Ban{"delete[]", Where::cxx, "hold a value"},
    Ban{"malloc(", Where::everywhere, "hold a value; the firmware has no heap"},
    Ban{"shared_ptr", Where::cxx, "one owner; others hold a reference"},
    Ban{"make_shared", Where::cxx, "one owner; others hold a reference"},
    Ban{"sleep_for", Where::cxx, "wait for an event with a limit"},
    Ban{"sleep_until", Where::cxx, "wait for an event with a limit"},
    Ban{"usleep(", Where::everywhere, "wait for an event with a limit"},
    Ban{"std::system(", Where::cxx, "no shell is started"},
    Ban{"::system(", Where::cxx, "no shell is started"},
    Ban{"system(", Where::with_the_c_library, "no shell is started"},
    Ban{"popen(", Where::everywhere, "no shell is started"},
    Ban{"rand(", Where::everywhere, "base::Random, seeded"},
    Ban{"mt19937", Where::cxx, "base::Random, seeded"},
    Ban{"goto", Where::everywhere, "a function with an early return"},
    Ban{"steady_clock::now", Where::outside_the_shells, "be given the instant"},
    Ban{"high_resolution_clock::now", Where::outside_the_shells, "be given the instant"},
};

// The only folders of rig/ that know what time it is.
constexpr std::array kShells{"rig/io", "rig/cli", "rig/power", "rig/console", "rig/probe"};

constexpr std::array kPromises{
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X",
    "HA"
    "CK",
    "not "
    "implemented",
    "place"
    "holder",
    "for "
    "now"};

bool is_product(const SourceFile& file) {
  return file.is_below("rig") || file.is_below("firmware-under-test");
}

bool applies(Where where, const SourceFile& file) {
  if (!is_product(file)) return false;
  if (where == Where::everywhere) return true;
  if (where == Where::cxx) return file.is_cxx();
  if (where == Where::with_the_c_library) {
    return file.code.find("#include <cstdlib>") != kNowhere ||
           file.code.find("#include <stdlib.h>") != kNowhere;
  }
  return std::ranges::none_of(kShells, [&](const char* shell) { return file.is_below(shell); });
}

// board.system(x) and Target::system( name something of ours.
bool is_member(std::string_view code, std::size_t at) {
  const std::string_view before = code.substr(0, at);
  if (code.substr(at).starts_with("::")) {
    return !before.empty() && std::isalnum(static_cast<unsigned char>(before.back())) != 0;
  }
  return before.ends_with('.') || before.ends_with("->") || before.ends_with("::");
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char letter) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  });
  return result;
}

}  // namespace

Complaints check_banned_code(const SourceFile& file) {
  Complaints complaints;
  for (const Ban& ban : kBans) {
    if (!applies(ban.where, file)) continue;
    for (std::size_t at = find_word(file.code, ban.word); at != kNowhere;
         at = find_word(file.code, ban.word, at + 1)) {
      if (ban.word.ends_with('(') && is_member(file.code, at)) continue;
      complaints.push_back({file.path, line_number(file.code, at),
                            "banned: " + std::string(ban.word) + "; " + std::string(ban.instead)});
    }
  }
  return complaints;
}

Complaints check_unfinished(const SourceFile& file) {
  Complaints complaints;
  const std::string lower_text = lower(file.text);
  for (const std::string_view promise : kPromises) {
    const bool shouted = std::isupper(static_cast<unsigned char>(promise.front())) != 0;
    if (!shouted && !is_product(file)) continue;
    const std::string_view text = shouted ? std::string_view(file.text) : lower_text;
    for (std::size_t at = find_word(text, promise); at != kNowhere;
         at = find_word(text, promise, at + 1)) {
      complaints.push_back({file.path, line_number(text, at),
                            "unfinished: " + std::string(promise) + "; finish it or leave it out"});
    }
  }
  return complaints;
}

}  // namespace tidy
