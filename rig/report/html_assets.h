// The files of reports/, as text inside the program (reports/inline.cmake writes the definitions).
#pragma once

namespace rig::report::assets {

[[nodiscard]] const char* page();  // with {{title}}, {{style}}, {{data}} and {{script}}
[[nodiscard]] const char* styles();
[[nodiscard]] const char* script();

}  // namespace rig::report::assets
