#include "store/sample_store.h"

#include <future>

namespace mps::store {

Result<void> SampleStore::append_and_wait(const PointBatch& batch) {
  std::promise<Result<void>> ended;
  auto result = ended.get_future();
  append(batch, [&ended](Result<void> how) { ended.set_value(std::move(how)); });
  return result.get();
}

}  // namespace mps::store
