# The headers that most files read, compiled once for all folders and once more, with GoogleTest, for all tests. A file
# still includes what it uses: the debug preset compiles without them, file by file.
if(MPS_PCH)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")
  set(libraries Boost::headers Boost::json fmt::fmt spdlog::spdlog date::date-tz Threads::Threads)
  add_library(precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(precompiled PRIVATE ${libraries})
  target_precompile_headers(precompiled PRIVATE ${CMAKE_CURRENT_LIST_DIR}/precompiled.h)
  if(MPS_TESTS)
    add_library(precompiled_test OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
    target_link_libraries(precompiled_test PRIVATE ${libraries} GTest::gtest GTest::gmock)
    target_precompile_headers(precompiled_test PRIVATE ${CMAKE_CURRENT_LIST_DIR}/precompiled.h <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endif()

# Gives `target` the precompiled headers of `donor`, and the macros that they were compiled with.
function(mps_precompiled target donor)
  target_precompile_headers(${target} REUSE_FROM ${donor})
  target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:${donor},COMPILE_DEFINITIONS>)
endfunction()
