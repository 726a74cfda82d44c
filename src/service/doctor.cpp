#include "service/doctor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "catalog/file_check.h"
#include "forecast/model.h"
#include "store/embedded/embedded_store.h"

namespace mps::service {
namespace {

namespace fs = std::filesystem;

// False where there is nothing more to look at.
bool examine_folder(const fs::path& folder, Diagnosis& found) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    found.broken.push_back(fmt::format("{}: there is no such folder", folder.string()));
    return false;
  }
  if ((status.st_mode & 0077) != 0)
    found.broken.push_back(fmt::format("{}: other users of this machine can look into it; mend it: chmod 700 {}",
                                       folder.string(), folder.string()));
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    found.broken.push_back(fmt::format("{}: this user can't work in it: {}", folder.string(), std::strerror(errno)));
  return true;
}

void examine_samples(const DataFolder& data, Diagnosis& found) {
  std::error_code failure;
  if (!fs::exists(data.samples(), failure)) return found.broken.push_back("samples.db: it is missing");
  for (const std::string& broken : store::check_sample_file(data.samples()))
    found.broken.push_back("samples.db: " + broken);
}

void examine_catalog(const DataFolder& data, Diagnosis& found) {
  for (const std::string& broken : catalog::check_catalog(data.catalog_url()))
    found.broken.push_back("catalog.db: " + broken);
}

void examine_models(const DataFolder& data, Diagnosis& found) {
  std::error_code missing;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(data.models(), missing)) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const auto bytes = read_file(file);
    if (!bytes && bytes.error().code == ErrorCode::kNotFound) continue;  // its server was removed just now
    ++found.models;
    const std::string name = "models/" + file.filename().string();
    if (!bytes) {
      found.broken.push_back(name + ": " + bytes.error().message);
    } else if (const auto model = forecast::Model::from_safetensors(*bytes); !model) {
      found.broken.push_back(fmt::format("{}: {}; remove it, and the hub trains another", name, model.error().message));
    }
  }
}

}  // namespace

Diagnosis examine(const DataFolder& data) {
  Diagnosis found;
  if (!examine_folder(data.root, found)) return found;
  examine_samples(data, found);
  examine_catalog(data, found);
  examine_models(data, found);
  return found;
}

}  // namespace mps::service
