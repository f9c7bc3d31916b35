module build

go 1.19

require github.com/hashicorp/consul v1.6.10

// Consul's own modules beside the main one, in the versions that fit.
require (
	github.com/hashicorp/consul/api v1.3.0
	github.com/hashicorp/consul/sdk v0.3.0
)

// A module whose old host is gone is taken from where it lives now.
replace istio.io/gogo-genproto v0.0.0-20190124151557-6d926a6e6feb => github.com/istio/gogo-genproto v0.0.0-20190124151557-6d926a6e6feb
