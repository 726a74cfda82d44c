#include "metric/units.h"

#include <gtest/gtest.h>

namespace mps {
namespace {

std::string shown(double value, const char* resource, Units units) {
  const ShownAs as = shown_as(find_resource(resource)->unit, units);
  return format_value(value * as.scale, as.unit);
}

TEST(Units, NetworksAreInBitsWhereThatIsWantedAndDisksNever) {
  EXPECT_EQ(shown(1.5e6, "net_rx", Units::kBytes), "1.5 MB/s");
  EXPECT_EQ(shown(1.5e6, "net_rx", Units::kBits), "12 Mbit/s");
  EXPECT_EQ(shown(1.5e6, "net_tx", Units::kBinary), "1.43 MiB/s");
  EXPECT_EQ(shown(1.5e6, "disk_read", Units::kBits), "1.5 MB/s");
  EXPECT_EQ(shown(1024 * 1024, "disk_write", Units::kBinary), "1 MiB/s");
}

TEST(Units, WhatIsNoAmountOfDataStaysAsItIs) {
  for (const Units units : {Units::kBytes, Units::kBinary, Units::kBits}) {
    EXPECT_EQ(shown(42, "cpu", units), "42 %");
    EXPECT_EQ(shown(0.5, "load", units), "0.50");
  }
}

TEST(Units, SmallFiguresNeedNoPrefix) {
  EXPECT_EQ(shown(1023, "net_rx", Units::kBinary), "1023 B/s");
  EXPECT_EQ(shown(1024, "net_rx", Units::kBinary), "1 KiB/s");
  EXPECT_EQ(shown(100, "net_rx", Units::kBits), "800 bit/s");
  EXPECT_EQ(shown(0, "net_rx", Units::kBits), "0 bit/s");
}

TEST(Units, HaveNames) {
  for (const Units units : {Units::kBytes, Units::kBinary, Units::kBits}) EXPECT_EQ(find_units(name_of(units)), units);
  EXPECT_EQ(find_units("furlongs"), std::nullopt);
}

TEST(Units, AreAllBytesPerSecondToPrograms) {
  EXPECT_EQ(unit_name(find_resource("net_rx")->unit), "bytes_per_second");
  EXPECT_EQ(unit_name(find_resource("disk_read")->unit), "bytes_per_second");
}

}  // namespace
}  // namespace mps
