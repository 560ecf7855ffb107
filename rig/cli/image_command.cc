#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/workspace.h"
#include "image/describe.h"

namespace rig::cli {

void ImageCommand::show(Invocation& invocation) const {
  const base::Bytes bytes = base::bytes_of(read_text(file_));
  const auto described = image::describe_image(bytes);
  if (!described) {
    throw base::UsageError(fmt::format("{}: {}", file_, described.error().what));
  }
  if (invocation.json) {
    fmt::print("{}\n", described->json.dump(2));
  } else {
    fmt::print("{}", described->text);
  }
  invocation.exit_code = described->sound ? kExitPass : kExitDeviceFailed;
}

}  // namespace rig::cli
