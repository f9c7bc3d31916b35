module build

go 1.19

require github.com/hashicorp/consul-template v0.25.2

// Modules whose old hosts are gone are taken from where they live now.
replace (
	github.com/golang/lint => golang.org/x/lint v0.0.0-20190409202823-959b441ac422
	sourcegraph.com/sourcegraph/go-diff => github.com/sourcegraph/go-diff v0.5.1
)
