#include "remote/offers.hpp"

#include <algorithm>

namespace cctl {
namespace {

std::vector<std::string> with_own(const std::vector<std::string>& certificates, const KeyFile& file) {
  auto all = certificates;
  if (!file.certificate.empty() && std::find(all.begin(), all.end(), file.certificate) == all.end())
    all.push_back(file.certificate);
  return all;
}

}  // namespace

std::vector<Offer> file_offers(const std::vector<KeyFile>& files, const std::vector<std::string>& certificates) {
  std::vector<Offer> offers;
  for (const auto& file : files) {
    if (!file.key) continue;
    for (const auto& certificate : with_own(certificates, file)) {
      if (plain_blob(certificate) != file.blob) continue;
      if (auto key = with_certificate(file.key, certificate))
        offers.push_back({"publickey " + file.path + " with its certificate", key, {certificate, ""}, ""});
    }
    offers.push_back({"publickey " + file.path, file.key, {file.blob, ""}, ""});
  }
  return offers;
}

std::vector<Offer> agent_offers(const std::vector<AgentKey>& agent, const std::vector<KeyFile>& files,
                                const std::vector<std::string>& certificates, bool only_these,
                                const std::set<std::string>& offered) {
  std::vector<Offer> offers;
  auto done = offered;
  const auto offer = [&](const std::string& blob, const AgentKey& by) {
    if (done.insert(blob).second) offers.push_back({"", nullptr, {blob, by.comment}, by.blob});
  };
  std::set<std::string> named;
  auto ours = certificates;
  for (const auto& file : files) {
    ours = with_own(ours, file);
    if (const auto plain = plain_blob(file.blob)) named.insert(*plain);
  }
  for (const auto& certificate : ours)
    for (const auto& key : agent)
      if (key.blob == plain_blob(certificate)) offer(certificate, key);
  const auto is_named = [&](const AgentKey& key) {
    const auto plain = plain_blob(key.blob);
    return plain && named.count(*plain);
  };
  // A certificate says more than its key.
  for (const bool certified : {true, false})
    for (const auto& key : agent)
      if (is_named(key) && is_certificate(key.blob) == certified) offer(key.blob, key);
  if (only_these) return offers;
  for (const auto& key : agent) offer(key.blob, key);
  return offers;
}

}  // namespace cctl
