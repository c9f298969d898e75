import type { SourcePatch } from './patch.ts';

/** The Go programs that the landscape runs, each from a module that hack/controlplane/go.mod pins. */
export const catalog = [
  { name: 'etcd', module: 'go.etcd.io/etcd/server/v3', package: 'go.etcd.io/etcd/server/v3' },
  { name: 'kube-apiserver', module: 'k8s.io/kubernetes', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  { name: 'kubectl', module: 'k8s.io/kubernetes', package: 'k8s.io/kubernetes/cmd/kubectl' },
  {
    name: 'gardener-apiserver',
    module: 'github.com/gardener/gardener',
    package: 'github.com/gardener/gardener/cmd/gardener-apiserver',
  },
  {
    name: 'gardener-resource-manager',
    module: 'github.com/gardener/gardener',
    package: 'github.com/gardener/gardener/cmd/gardener-resource-manager',
  },
  {
    name: 'machine-controller-manager',
    module: 'github.com/gardener/machine-controller-manager',
    package: 'github.com/gardener/machine-controller-manager/cmd/machine-controller-manager',
  },
  {
    name: 'firewall-controller-manager',
    module: 'github.com/metal-stack/firewall-controller-manager',
    package: 'github.com/metal-stack/firewall-controller-manager',
    // It serves webhooks at 9443 on all addresses, which only one on a machine could; here it asks the environment.
    patch: {
      file: 'main.go',
      find: 'Port:    9443,',
      replace:
        'Host: os.Getenv("WEBHOOK_HOST"), ' +
        'Port: func() int { port := 9443; _, _ = fmt.Sscan(os.Getenv("WEBHOOK_PORT"), &port); return port }(),',
    },
  },
  {
    name: 'kube-controller-manager',
    module: 'k8s.io/kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
  },
  { name: 'helm', module: 'helm.sh/helm/v3', package: 'helm.sh/helm/v3/cmd/helm' },
] as const satisfies readonly Program[];

/** Prometheus' own program to check rules and to try them; hack/promtool/go.mod pins it. */
export const promtool = {
  name: 'promtool',
  module: 'github.com/prometheus/prometheus',
  package: 'github.com/prometheus/prometheus/cmd/promtool',
  // Without the clients of two dozen clouds.
  tags: 'remove_all_sd',
} as const satisfies Program;

export interface Program {
  readonly name: string;
  readonly module: string;
  readonly package: string;
  /** Go's build tags. */
  readonly tags?: string;
  readonly patch?: SourcePatch;
}

export type PartName = (typeof catalog)[number]['name'];
export type Part = Program & { readonly name: PartName };

/** Absolute paths of the programs. */
export type Parts = Readonly<Record<PartName, string>>;

/** The parts that KUBEBUILDER_ASSETS replaces, as it does for controller-runtime's envtest. */
export const assetNames: ReadonlySet<PartName> = new Set(['etcd', 'kube-apiserver', 'kubectl']);

/**
 * What the Kubernetes parts answer as their version; without it an API server calls itself v0.0.0-master. Gardener
 * reads the same variables for its own version.
 */
export function linkerFlags(version: string): string {
  const [major = '', minor = ''] = version.replace(/^v/, '').split('.');
  const variable = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`;
  return ['-s -w', variable('gitVersion', version), variable('gitMajor', major), variable('gitMinor', minor)].join(' ');
}

/** The version that go.mod requires of a module. */
export function pinnedVersion(goMod: string, module: string): string {
  for (const line of goMod.split('\n')) {
    const [path, version] = line
      .replace(/^\s*require\s+/, '')
      .trim()
      .split(/\s+/);
    if (path === module && version?.startsWith('v')) return version;
  }
  throw new Error(`go.mod requires no ${module}`);
}
