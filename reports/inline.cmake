# The HTML report is one file, and so is the live page: their templates, styles and scripts become
# text inside the program.
# Included by the build behind rig_report; runs itself again (-P) to write the source file.
set(parts page styles script live_page live_styles live_script)
if(CMAKE_SCRIPT_MODE_FILE)
  set(source "#include \"report/html_assets.h\"\n\nnamespace rig::report::assets {\n")
  foreach(part ${parts})
    set(text "")
    string(REPLACE "," ";" files "${${part}}")
    foreach(file ${files})
      file(READ ${FOLDER}/${file} more)
      string(APPEND text "${more}")
    endforeach()
    # Pieces: a compiler need not take string literals of any length.
    string(LENGTH "${text}" length)
    set(at 0)
    string(APPEND source "const char* ${part}() {\n  return\n")
    while(at LESS length)
      string(SUBSTRING "${text}" ${at} 8000 piece)
      string(APPEND source "    R\"otarig(${piece})otarig\"\n")
      math(EXPR at "${at} + 8000")
    endwhile()
    string(APPEND source "    ;\n}\n")
  endforeach()
  file(WRITE ${OUTPUT} "${source}}  // namespace rig::report::assets\n")
  return()
endif()

set(report_folder ${CMAKE_CURRENT_LIST_DIR})
set(page report.html)
set(styles report.css,map.css,night.css)
set(script js/data.js,js/overview.js,js/night.js,js/link.js,js/survival.js,js/map.js,js/timeline.js,js/failures.js,js/coverage.js,js/explored.js,js/main.js)
set(live_page live.html)
set(live_styles report.css,live.css)
set(live_script js/live.js)
set(report_inputs ${CMAKE_CURRENT_LIST_DIR}/inline.cmake)
foreach(part ${parts})
  string(REPLACE "," ";" files "${${part}}")
  foreach(file ${files})
    list(APPEND report_inputs ${report_folder}/${file})
  endforeach()
endforeach()
set(report_source ${CMAKE_BINARY_DIR}/generated/html_assets.cc)
add_custom_command(
  OUTPUT ${report_source}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${report_folder} -DOUTPUT=${report_source} -Dpage=${page}
          -Dstyles=${styles} -Dscript=${script} -Dlive_page=${live_page}
          -Dlive_styles=${live_styles} -Dlive_script=${live_script} -P ${report_folder}/inline.cmake
  DEPENDS ${report_inputs}
  COMMENT "Inlining the report's page, styles and scripts"
  VERBATIM)
target_sources(rig_report PRIVATE ${report_source})
