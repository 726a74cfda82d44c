#include "service/ingest_body.h"

#include "wire/line_protocol.h"
#include "wire/telegraf_json.h"

namespace mps::service {
namespace {

constexpr size_t kFieldsKept = 32'768;  // a body with more is rare, and gives its memory back

}  // namespace

void ingest_body(Ingest& ingest, const IngestIdentity& who, std::string_view body, BodyFormat format,
                 std::string_view precision, Ingest::Done done) {
  if (format == BodyFormat::kTelegrafJson) return ingest.write(who, wire::parse_telegraf_json(body), std::move(done));
  const Result<wire::Precision> unit = wire::parse_precision(precision);
  if (!unit) return done(unit.error());
  thread_local wire::ParseResult parsed;  // its memory serves one body after another
  wire::parse_line_protocol(body, *unit, {}, parsed);
  ingest.write(who, std::move(parsed), std::move(done));
  if (parsed.batch.all_fields.capacity() > kFieldsKept || parsed.batch.points.capacity() > kFieldsKept) parsed = {};
}

}  // namespace mps::service
