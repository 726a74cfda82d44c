#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

// What is done with the whole catalog, over a connection of its own, beside whoever has it open in this process or in
// another. Nothing is written to it.
namespace mps::catalog {

// A consistent copy into a new SQLite file, synced. Fails with kNotFound, kAlreadyExists, kIo, kInvalidArgument
// (unknown engine).
Result<void> copy_catalog(const std::string& url, const std::filesystem::path& to);

// Checks every page, every index and the version of the tables. What is broken, one sentence each; empty where all is
// well.
std::vector<std::string> check_catalog(const std::string& url);

}  // namespace mps::catalog
