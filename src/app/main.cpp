#include <malloc.h>

#include "app/program.h"

int main(int argc, char** argv) {
  // Histories are large and short-lived, forecasts small and kept: mixed in the arenas of a dozen threads they would
  // hold each other's pages, and a hub of a thousand servers grew to half a gigabyte.
  mallopt(M_ARENA_MAX, 4);
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  return mps::app::run_program({argv + 1, argv + argc});
}
