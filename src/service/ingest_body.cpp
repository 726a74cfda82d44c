#include "service/ingest_body.h"

#include "wire/line_protocol.h"
#include "wire/telegraf_json.h"

namespace mps::service {
namespace {

constexpr size_t kFieldsKept = 32'768;  // a body with more is rare, and gives its memory back

}  // namespace

bool ingest_body(Ingest& ingest, const IngestIdentity& who, std::string_view body, BodyFormat format,
                 std::string_view precision, Ingest::Done& done, Ingest::Waiting waiting) {
  if (format == BodyFormat::kTelegrafJson) return ingest.write(who, wire::parse_telegraf_json(body), done, waiting);
  const Result<wire::Precision> unit = wire::parse_precision(precision);
  if (!unit) {
    done(unit.error());
    return true;
  }
  thread_local wire::ParseResult parsed;  // its memory serves one body after another
  wire::parse_line_protocol(body, *unit, {}, parsed);
  const bool written = ingest.write(who, std::move(parsed), done, waiting);
  if (parsed.batch.all_fields.capacity() > kFieldsKept || parsed.batch.points.capacity() > kFieldsKept) parsed = {};
  return written;
}

}  // namespace mps::service
