module build

go 1.19

require github.com/hashicorp/consul-template v0.19.5

// The clients that it was written against; it has no go.mod of its own.
require (
	github.com/burntsushi/toml v0.3.0
	github.com/hashicorp/consul/api v1.3.0
	github.com/hashicorp/vault/api v1.0.4
	github.com/mattn/go-shellwords v1.0.3
	github.com/pkg/errors v0.8.1
)
