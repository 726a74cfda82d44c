#include "service/ingest_body.h"

#include "wire/line_protocol.h"
#include "wire/telegraf_json.h"

namespace mps::service {

void ingest_body(Ingest& ingest, const IngestIdentity& who, std::string_view body, BodyFormat format,
                 std::string_view precision, Ingest::Done done) {
  if (format == BodyFormat::kTelegrafJson) return ingest.write(who, wire::parse_telegraf_json(body), std::move(done));
  const Result<wire::Precision> unit = wire::parse_precision(precision);
  if (!unit) return done(unit.error());
  ingest.write(who, wire::parse_line_protocol(body, *unit), std::move(done));
}

}  // namespace mps::service
