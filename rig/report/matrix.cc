#include "report/matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/sentence.h"

namespace rig::report {
namespace {

using record::Verdict;
using store::CampaignSummary;
using Table = std::vector<std::vector<std::string>>;

// What a row counts: its cuts, or its single run when it has none.
const store::VerdictCounts& counts_of(const CampaignSummary& row) {
  return row.cuts.total() == 0 ? row.runs : row.cuts;
}

std::string trials_text(const CampaignSummary& row) {
  return row.cuts.total() == 0 && row.runs.total() != 0 ? "no cut"
                                                        : with_separators(row.cuts.total());
}

std::vector<Verdict> verdicts_in(std::span<const CampaignSummary> rows) {
  std::vector<Verdict> found;
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    const bool occurs = std::any_of(rows.begin(), rows.end(), [&](const CampaignSummary& row) {
      return counts_of(row).of(verdict) != 0;
    });
    if (occurs) found.push_back(verdict);
  }
  return found;
}

std::string count_text(std::uint64_t count) { return count == 0 ? "." : with_separators(count); }

Table table_of(std::span<const CampaignSummary> rows) {
  const auto verdicts = verdicts_in(rows);
  Table table{{"", "campaign", "cuts"}};
  for (const Verdict verdict : verdicts) table[0].emplace_back(record::name_of(verdict));
  for (const CampaignSummary& row : rows) {
    auto& line = table.emplace_back();
    line = {std::string(mark_of(worst_class(row))), row_name(row.campaign), trials_text(row)};
    for (const Verdict verdict : verdicts) line.push_back(count_text(counts_of(row).of(verdict)));
  }
  return table;
}

// Characters, not bytes: fmt counts UTF-8 code points in a width.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<std::size_t> widths_of(const Table& table) {
  std::vector<std::size_t> widths(table.front().size());
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(line[i]));
    }
  }
  return widths;
}

// The mark and the name stand to the left, counts to the right.
std::string padded(const std::string& text, std::size_t column, std::size_t width) {
  const std::string fill(width - std::min(width, width_of(text)), ' ');
  return column < 2 ? text + fill : fill + text;
}

}  // namespace

std::string matrix_text(std::span<const CampaignSummary> rows) {
  const Table table = table_of(rows);
  const auto widths = widths_of(table);
  std::string out;
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += (i == 0 ? "" : i == 1 ? " " : "  ") + padded(line[i], i, widths[i]);
    }
    out += '\n';
  }
  return out;
}

std::string matrix_markdown(std::span<const CampaignSummary> rows) {
  const Table table = table_of(rows);
  std::string out;
  for (const auto& line : table) {
    for (const std::string& cell : line) out += fmt::format("| {} ", cell);
    out += "|\n";
    if (&line != &table.front()) continue;
    for (std::size_t i = 0; i < line.size(); ++i) out += i < 2 ? "|---" : "|---:";
    out += "|\n";
  }
  return out;
}

std::string sentences_text(std::span<const CampaignSummary> rows) {
  std::string out;
  for (const CampaignSummary& row : rows) {
    out += fmt::format("{} {}\n", mark_of(worst_class(row)), sentence_for(row));
  }
  return out;
}

}  // namespace rig::report
