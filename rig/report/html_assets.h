// The files of reports/, as text inside the program (reports/inline.cmake writes the definitions).
#pragma once

namespace rig::report::assets {

extern const char* const k_page;  // with {{title}}, {{style}}, {{data}} and {{script}}
extern const char* const k_styles;
extern const char* const k_script;

}  // namespace rig::report::assets
