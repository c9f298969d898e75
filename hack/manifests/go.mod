// Modules of which only files are read, each by itself: `go mod tidy` would find no package and empty this list.
// firewall-controller-manager is among the parts of hack/controlplane/go.mod.
module espalier/hack/manifests

go 1.26.0

require (
	github.com/kubernetes-csi/external-snapshotter/client/v8 v8.2.0
	github.com/metal-stack/duros-controller v0.12.1
	github.com/metal-stack/firewall-controller/v2 v2.5.0
	go.universe.tf/metallb v0.15.2
)
