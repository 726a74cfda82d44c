#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "forecast/model.h"
#include "forecast/model_parts.h"
#include "forecast/safetensors.h"

namespace mps::forecast {
namespace {

namespace json = boost::json;
constexpr int64_t kFormat = 1;
constexpr std::string_view kKind = "mps.forecast";
constexpr int64_t kSecondsMax = 9'000'000'000;
constexpr size_t kSideMax = 1024;  // of a network that a file may ask for

json::array to_json(const Contest::Buckets& b) {
  return json::array(b.begin(), b.end());
}

json::object to_json(const ResourceModel& r) {
  json::array contest, scores;
  for (const auto& m : r.contest) {
    contest.push_back({{"method", m.name},
                       {"error", to_json(m.error)},
                       {"mass", to_json(m.mass)},
                       {"lately", to_json(m.lately)},
                       {"lately_mass", to_json(m.lately_mass)},
                       {"below", to_json(m.below)},
                       {"above", to_json(m.above)}});
  }
  for (const auto& s : r.scores) {
    scores.push_back({{"method", s.method},
                      {"mae", s.score.mae},
                      {"rmse", s.score.rmse},
                      {"mase", s.score.mase},
                      {"coverage80", s.score.coverage80},
                      {"count", static_cast<uint64_t>(s.score.count)}});
  }
  return {{"resource", r.resource},
          {"method", r.method},
          {"ets", {r.baselines.ets.level, r.baselines.ets.season}},
          {"contest", std::move(contest)},
          {"scores", std::move(scores)}};
}

std::string ridge_name(const HorizonModel& h, size_t i) {
  return std::string(h.layout.prefix) + "ridge." + std::to_string(i);
}

void add_horizon(const HorizonModel& h, Safetensors& file, json::array& out) {
  const std::string prefix(h.layout.prefix);
  const auto& weights = h.network.weights;
  for (const auto& t : tensors(h.network.shape)) {
    const auto begin = weights.begin() + static_cast<ptrdiff_t>(t.offset);
    file.tensors.push_back({prefix + t.name, t.shape, {begin, begin + static_cast<ptrdiff_t>(t.size)}});
    // PyTorch has a second bias; a reader of its names finds zeros there.
    if (t.name == "lstm.bias_ih_l0") {
      file.tensors.push_back({prefix + "lstm.bias_hh_l0", t.shape, std::vector<float>(t.size)});
    }
  }
  json::array resources;
  for (size_t i = 0; i < h.resources.size(); ++i) {
    const auto& r = h.resources[i];
    resources.push_back(to_json(r));
    const auto& ridge = r.baselines.ridge;
    if (ridge.values.empty()) continue;
    file.tensors.push_back({ridge_name(h, i), {ridge.steps, kRidgeInputs}, {ridge.values.begin(), ridge.values.end()}});
  }
  const auto& s = h.network.shape;
  out.push_back({{"horizon_s", std::chrono::duration_cast<std::chrono::seconds>(h.layout.horizon).count()},
                 {"inputs", s.inputs},
                 {"hidden", s.hidden},
                 {"steps", s.steps},
                 {"bases", s.bases},
                 {"resources", std::move(resources)}});
}

Error foreign(std::string_view why) {
  return {ErrorCode::kInvalidArgument, "this is not a model of this version of MPS: " + std::string(why)};
}

Contest::Buckets buckets(const json::value& value) {
  Contest::Buckets b{};
  const auto& array = value.as_array();
  for (size_t i = 0; i < b.size(); ++i) {
    b[i] = array.at(i).to_number<double>();
    if (!std::isfinite(b[i])) throw std::out_of_range("a number is not finite");
  }
  return b;
}

std::string text(const json::value& value) {
  return std::string(value.as_string());
}

// Throws what Boost.JSON throws where the metadata is not what we write; from_safetensors catches it.
ResourceModel read_resource(const json::object& o) {
  ResourceModel r;
  r.resource = text(o.at("resource"));
  r.method = text(o.at("method"));
  r.baselines.ets = {o.at("ets").as_array().at(0).to_number<double>(),
                     o.at("ets").as_array().at(1).to_number<double>()};
  for (const auto& entry : o.at("contest").as_array()) {
    const auto& m = entry.as_object();
    r.contest.push_back({text(m.at("method")), buckets(m.at("error")), buckets(m.at("mass")), buckets(m.at("lately")),
                         buckets(m.at("lately_mass")), buckets(m.at("below")), buckets(m.at("above"))});
  }
  for (const auto& entry : o.at("scores").as_array()) {
    const auto& s = entry.as_object();
    r.scores.push_back(
        {text(s.at("method")),
         {s.at("mae").to_number<double>(), s.at("rmse").to_number<double>(), s.at("mase").to_number<double>(),
          s.at("coverage80").to_number<double>(), s.at("count").to_number<uint64_t>()}});
  }
  return r;
}

// The contest's methods must be those that prediction will run, in its order.
bool sound(const HorizonModel& h, const ResourceModel& r) {
  auto names = method_names(make_baselines(h.layout, r.baselines), true);
  names.emplace_back(kCombination);
  const bool same = std::equal(names.begin(), names.end(), r.contest.begin(), r.contest.end(),
                               [](const std::string& name, const Contest::Method& m) { return name == m.name; });
  return same && std::find(names.begin(), names.end(), r.method) != names.end();
}

Result<HorizonModel> read_horizon(const json::object& o, const Layout& layout, const Safetensors& file) {
  HorizonModel h;
  h.layout = layout;
  auto& s = h.network.shape;
  s = {o.at("inputs").to_number<uint64_t>(), o.at("hidden").to_number<uint64_t>(), o.at("steps").to_number<uint64_t>(),
       o.at("bases").to_number<uint64_t>()};
  if (s.inputs != kInputs || s.steps != layout.steps || s.bases != kBases || s.hidden == 0 || s.hidden > kSideMax) {
    return foreign("its network has another shape");
  }
  for (const auto& t : tensors(s)) {
    const auto* found = file.find(std::string(layout.prefix) + t.name);
    if (found == nullptr || found->shape != t.shape) return foreign("tensor " + t.name + " is missing or misshapen");
    h.network.weights.insert(h.network.weights.end(), found->values.begin(), found->values.end());
  }
  for (const float w : h.network.weights) {
    if (!std::isfinite(w)) return Error{ErrorCode::kCorrupt, "the model file is damaged: a weight is not a number"};
  }
  for (const auto& entry : o.at("resources").as_array()) {
    auto r = read_resource(entry.as_object());
    if (const auto* ridge = file.find(ridge_name(h, h.resources.size()))) {
      r.baselines.ridge = {layout.steps, {ridge->values.begin(), ridge->values.end()}};
    }
    if (!sound(h, r)) return foreign("its methods are others");
    h.resources.push_back(std::move(r));
  }
  return h;
}

Result<Model> read_parts(const Safetensors& file) {
  const auto meta = file.metadata.find(std::string(kKind));
  if (meta == file.metadata.end()) return foreign("its metadata does not say mps.forecast");
  const auto value = json::parse(meta->second);
  const auto& o = value.as_object();
  if (o.at("format").to_number<int64_t>() != kFormat) return foreign("its format number is another");
  auto parts = std::make_shared<Model::Parts>();
  parts->seed = o.at("seed").to_number<uint64_t>();
  const auto time = [&](const char* key) { return Timestamp(std::chrono::seconds(o.at(key).to_number<int64_t>())); };
  parts->trained_on = {time("trained_from"), time("trained_to")};
  const auto& horizons = o.at("horizons").as_array();
  if (horizons.size() != parts->horizons.size()) return foreign("it has other horizons");
  for (size_t i = 0; i < horizons.size(); ++i) {
    const Duration horizon = i == 0 ? kHour : kDay;
    if (horizons[i].as_object().at("horizon_s").to_number<int64_t>() != horizon / std::chrono::seconds(1)) {
      return foreign("its horizons are others");
    }
    MPS_TRY(const auto layout, layout_for(horizon));
    MPS_TRY(parts->horizons[i], read_horizon(horizons[i].as_object(), layout, file));
  }
  for (const auto& r : parts->horizons[0].resources) parts->resources.push_back(r.resource);
  return Model(std::move(parts));
}

}  // namespace

std::string Model::to_safetensors() const {
  Safetensors file;
  json::array horizons;
  for (const auto& h : parts_->horizons) add_horizon(h, file, horizons);
  const auto seconds = [](Timestamp t) {
    return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
  };
  const json::object meta = {{"format", kFormat},
                             {"seed", parts_->seed},
                             {"trained_from", seconds(parts_->trained_on.from)},
                             {"trained_to", seconds(parts_->trained_on.to)},
                             {"horizons", std::move(horizons)}};
  file.metadata[std::string(kKind)] = json::serialize(meta);
  return write_safetensors(file);
}

Result<Model> Model::from_safetensors(std::string_view bytes) {
  MPS_TRY(const auto file, read_safetensors(bytes));
  try {
    return read_parts(file);
  } catch (const std::exception& e) {  // of Boost.JSON, where the metadata is not ours
    return foreign(std::string("its metadata cannot be read: ") + e.what());
  }
}

}  // namespace mps::forecast
