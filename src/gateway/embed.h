#pragma once

#include <string_view>

// MPS_EMBED(symbol, "folder/", "file"): the assembler copies a file into the program. CMake gives the folder, and knows
// that the file which says so depends on it. embedded(symbol) is then its content, for the program's life.
#define MPS_EMBED(symbol, folder, file)           \
  asm(".pushsection .rodata\n" #symbol            \
      "_begin:\n"                                 \
      ".incbin \"" folder "/" file "\"\n" #symbol \
      "_end:\n"                                   \
      ".popsection\n");                           \
  extern "C" const char symbol##_begin[];         \
  extern "C" const char symbol##_end[];

#define MPS_EMBEDDED(symbol)                                           \
  std::string_view {                                                   \
    symbol##_begin, static_cast<size_t>(symbol##_end - symbol##_begin) \
  }
