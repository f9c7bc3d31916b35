module build

go 1.19

require github.com/gliderlabs/registrator v0.4.0

// What it was written against; it has no go.mod of its own.
require (
	github.com/armon/consul-api v0.0.0-20180202201655-eb2c6b5be1b6
	github.com/cenkalti/backoff v2.1.1+incompatible
	github.com/coreos/go-etcd v2.0.0+incompatible
	github.com/fsouza/go-dockerclient v1.3.6
)
