// The files of reports/, as text inside the program (reports/inline.cmake writes the definitions).
#pragma once

namespace rig::report::assets {

[[nodiscard]] const char* page();  // with {{title}}, {{style}}, {{data}} and {{script}}
[[nodiscard]] const char* styles();
[[nodiscard]] const char* script();

// Of the page that `otarig serve` shows (rig/serve).
[[nodiscard]] const char* live_page();  // with {{style}} and {{script}}
[[nodiscard]] const char* live_styles();
[[nodiscard]] const char* live_script();

}  // namespace rig::report::assets
