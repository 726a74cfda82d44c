# The headers that most files read, compiled once for all folders and once more, with GoogleTest, for all tests. A file
# still includes what it uses: the tidy test looks for that.
if(MPS_PCH)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cpp "")
  add_library(precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(precompiled PRIVATE Boost::headers Boost::json fmt::fmt spdlog::spdlog date::date-tz Threads::Threads)
  target_precompile_headers(precompiled PRIVATE ${CMAKE_CURRENT_LIST_DIR}/precompiled.h)
  if(MPS_TESTS)
    add_library(precompiled_test OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
    target_link_libraries(precompiled_test PRIVATE precompiled Boost::headers Boost::json fmt::fmt spdlog::spdlog date::date-tz Threads::Threads GTest::gtest GTest::gmock)
    target_precompile_headers(precompiled_test PRIVATE ${CMAKE_CURRENT_LIST_DIR}/precompiled.h <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  # ccache can tell that a precompiled header is the same only when it may overlook the times in it.
  set(ENV{CCACHE_SLOPPINESS} "pch_defines,time_macros")
endif()

# Gives `target` the precompiled headers of `donor`, and the macros that they were compiled with.
function(mps_precompiled target donor)
  target_precompile_headers(${target} REUSE_FROM ${donor})
  target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:${donor},COMPILE_DEFINITIONS>)
endfunction()
