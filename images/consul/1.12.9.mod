module build

go 1.19

require github.com/hashicorp/consul v1.12.9

// Consul's own modules beside the main one, in the versions that fit.
require (
	github.com/hashicorp/consul/api v1.13.1
	github.com/hashicorp/consul/sdk v0.10.0
)

// Modules whose old hosts are gone are taken from where they live now.
replace (
	istio.io/gogo-genproto v0.0.0-20190124151557-6d926a6e6feb => github.com/istio/gogo-genproto v0.0.0-20190124151557-6d926a6e6feb
	launchpad.net/gocheck => github.com/go-check/check v0.0.0-20140225173054-eb6ee6f84d0a
)
