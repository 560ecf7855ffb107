#include "report/link_figures.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "record/vocabulary.h"

namespace rig::report {
namespace {

using record::Event;
using record::EventKind;
using record::Lane;

template <typename Number>
Number number_in(std::string_view text, std::string_view key) {
  Number value{};
  const auto found = record::field(text, key);
  if (found) std::from_chars(found->data(), found->data() + found->size(), value);
  return value;
}

std::string text_in(std::string_view text, std::string_view key) {
  return std::string(record::field(text, key).value_or(""));
}

// "loss:12,queue_full:3"
void add_reasons(std::map<std::string, std::uint64_t>& to, std::string_view list) {
  while (!list.empty()) {
    const std::string_view each = list.substr(0, list.find(','));
    const std::size_t colon = each.rfind(':');
    list.remove_prefix(std::min(each.size() + 1, list.size()));
    if (colon == std::string_view::npos) continue;
    std::uint64_t count = 0;
    std::from_chars(each.data() + colon + 1, each.data() + each.size(), count);
    std::string reason(each.substr(0, colon));
    std::ranges::replace(reason, '_', ' ');
    to[reason] += count;
  }
}

void keep_worst(std::uint64_t& worst, std::uint64_t value) { worst = std::max(worst, value); }

void add_way(LinkWay& way, std::string_view text) {
  const auto offered = number_in<std::uint64_t>(text, "offered");
  way.offered += offered;
  way.delivered += number_in<std::uint64_t>(text, "delivered");
  way.bytes += number_in<std::uint64_t>(text, "bytes");
  way.marked += number_in<std::uint64_t>(text, "marked");
  add_reasons(way.dropped, record::field(text, "dropped").value_or(""));
  way.asked_losses += static_cast<double>(offered) * number_in<double>(text, "asked_loss");
  way.applied_losses += static_cast<double>(offered) * number_in<double>(text, "applied_loss");
  keep_worst(way.late_p50_us, number_in<std::uint64_t>(text, "late_p50_us"));
  keep_worst(way.late_p99_us, number_in<std::uint64_t>(text, "late_p99_us"));
  keep_worst(way.late_max_us, number_in<std::uint64_t>(text, "late_max_us"));
  const auto error = number_in<std::int64_t>(text, "rate_error_ppm");
  if (std::abs(error) > std::abs(way.rate_error_ppm)) way.rate_error_ppm = error;
}

LinkFigures& figures_for(std::vector<LinkFigures>& known, std::string_view text) {
  const std::string engine = text_in(text, "engine");
  const std::string profile = text_in(text, "profile");
  const auto same = [&](const LinkFigures& each) {
    return each.engine == engine && each.profile == profile;
  };
  const auto found = std::ranges::find_if(known, same);
  if (found != known.end()) return *found;
  return known.emplace_back(LinkFigures{.engine = engine, .profile = profile});
}

}  // namespace

void add_link(std::vector<LinkFigures>& known, store::CycleId cycle,
              std::span<const Event> timeline) {
  const auto is_end = [](const Event& each) { return each.kind == EventKind::cycle_end; };
  const auto end = std::find_if(timeline.rbegin(), timeline.rend(), is_end);
  LinkFigures* figures = nullptr;
  for (const Event& each : timeline.last(static_cast<std::size_t>(end - timeline.rbegin()))) {
    if (each.lane != Lane::link || each.kind != EventKind::note) continue;
    const std::string_view text = each.text;
    if (record::field(text, "engine")) {
      const bool up = record::first_word(text) == "up";
      figures = &figures_for(known, text);
      if (up) ++figures->cycles;
      add_way(up ? figures->up : figures->down, text);
    } else if (figures != nullptr && text.starts_with(record::link_note::kTcpModel)) {
      figures->tcp = text.substr(record::link_note::kTcpModel.size());
    } else if (figures != nullptr && text.starts_with(record::link_note::kPacketFile)) {
      figures->files.push_back(
          {.cycle = cycle,
           .file = std::string(text.substr(record::link_note::kPacketFile.size()))});
    }
  }
}

}  // namespace rig::report
