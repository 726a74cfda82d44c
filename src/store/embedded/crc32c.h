#pragma once

#include <cstdint>
#include <string_view>

namespace mps::store {

// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) as in RFC 3720, appendix B.4: of "123456789" it is 0xE3069283.
// Uses the processor's instruction where there is one.
uint32_t crc32c(std::string_view bytes);

}  // namespace mps::store
