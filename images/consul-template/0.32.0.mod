module build

go 1.19

require github.com/hashicorp/consul-template v0.32.0
