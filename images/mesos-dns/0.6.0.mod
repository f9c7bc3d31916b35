module build

go 1.19

require github.com/mesosphere/mesos-dns v0.6.0

// What its vendor.json names, or the nearest that can be had; it has no go.mod of its own.
require (
	github.com/dgrijalva/jwt-go v2.7.0+incompatible
	github.com/emicklei/go-restful v1.1.3
	github.com/gogo/protobuf v0.0.0-20150914153205-43ab7f0ec7b6
	github.com/golang/glog v0.0.0-20150731225221-fca8c8854093
	github.com/kylelemons/godebug v0.0.0-20150519154555-21cb3784d9bd
	github.com/mesos/mesos-go v0.0.3-0.20150930144802-068d5470506e
	github.com/miekg/dns v1.0.14
	github.com/samuel/go-zookeeper v0.0.0-20180130194729-c4fab1ac1bec
	github.com/tv42/zbase32 v0.0.0-20150911225513-03389da7e0bf
)

// The last versions that Go 1.19 compiles.
require (
	github.com/stretchr/testify v1.8.4
	golang.org/x/crypto v0.14.0
	golang.org/x/net v0.17.0
	golang.org/x/sys v0.13.0
)
