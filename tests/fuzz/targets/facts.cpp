#include "check/facts.hpp"
#include "fuzz.hpp"
#include "prepare/facts.hpp"

using namespace cctl;

FUZZ(prepare_facts) {
  facts_from(text);
}

FUZZ(check_facts) {
  check_facts_from(text);
}
