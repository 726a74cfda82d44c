#pragma once

#include <filesystem>
#include <string>

namespace mps::service {

// Where things lie: docs/architecture.md, "The data folder".
struct DataFolder {
  std::filesystem::path root;
  std::string other_catalog = {};  // URL of a catalog elsewhere; empty: in the folder

  std::filesystem::path samples() const { return root / "samples.db"; }
  std::filesystem::path catalog() const { return root / "catalog.db"; }
  std::string catalog_url() const { return other_catalog.empty() ? "sqlite3://" + catalog().string() : other_catalog; }
  std::filesystem::path models() const { return root / "models"; }
  std::filesystem::path influxdb() const { return root / "influxdb.db"; }  // of --store influxdb://
  std::filesystem::path lock() const { return root / "hub.lock"; }
};

}  // namespace mps::service
