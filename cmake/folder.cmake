# mps_folder(NAME [PURE] DEPENDS folder... LIBS target...)
# One static library a folder of src/, from every .cpp in it; *_test.cpp become the program NAME_test.
# DEPENDS are the arrows of docs/architecture.md; tests/tidy holds the includes to the same arrows.
# PURE: values and functions alone, no threads; its tests have nothing to show to ThreadSanitizer.
function(mps_folder name)
  cmake_parse_arguments(ARG "PURE" "" "DEPENDS;LIBS;TEST_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(sources)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} ${scope} ${ARG_DEPENDS} ${ARG_LIBS})
  if(MPS_PCH AND sources AND NOT name STREQUAL forecast)  # forecast is compiled with flags of its own
    mps_precompiled(${name} precompiled)
  endif()
  if(MPS_TESTS AND tests AND NOT (ARG_PURE AND MPS_SANITIZE STREQUAL thread))
    add_executable(${name}_test ${tests})
    target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name}_test PRIVATE ${name} ${ARG_TEST_DEPENDS} GTest::gtest_main GTest::gmock)
    if(MPS_PCH)
      mps_precompiled(${name}_test precompiled_test)
    endif()
    # Tests run far from UTC, so that a forgotten time zone shows.
    gtest_discover_tests(${name}_test DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 ENVIRONMENT "TZ=Asia/Kathmandu"
                         ENVIRONMENT_MODIFICATION "LSAN_OPTIONS=set:suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp")
  endif()
endfunction()
