/** A command of the docs that is carried out. */
export interface Step {
  /** As the docs have it. */
  readonly command: string;
  /** What is put for its placeholders, besides those that all have in common. */
  readonly fill?: Readonly<Record<string, string>>;
  /** What the docs leave to the reader. */
  readonly more?: string;
  /** Whose kubeconfig; without it that of garden and seed. */
  readonly in?: 'shoot';
  /** Makes what the command is for. */
  readonly before?: string;
  /** Must be printed. */
  readonly prints?: string;
  /** Succeeds when the command has had its effect, soon. */
  readonly effect?: string;
}

const common: Readonly<Record<string, string>> = {
  '[flags]': '--help',
  '<name>': 'example',
  '<path>': 'controllers.yaml',
  '<control-plane namespace>': 'shoot--local--example',
  '<namespace of the extension>': 'extension-provider-metal',
};

/** What is typed for a step. */
export function typed({ command, fill = {}, more = '' }: Step): string {
  const filled = Object.entries({ ...common, ...fill }).reduce(
    (text, [placeholder, value]) => text.replaceAll(placeholder, value),
    command,
  );
  return more ? `${filled} ${more}` : filled;
}

/** The Shoot has been reconciled after `since.txt` was written. */
const reconciled =
  `kubectl get shoot example -o jsonpath='{.status.lastOperation.type} {.status.lastOperation.state} ' && ` +
  `test "$(kubectl get shoot example -o jsonpath='{.status.lastOperation.lastUpdateTime}')" \\> "$(cat since.txt)" && ` +
  `test "$(kubectl get shoot example -o jsonpath='{.status.lastOperation.state}')" = Succeeded`;
const now = 'date -u +%Y-%m-%dT%H:%M:%SZ > since.txt; sleep 1.1';

/** gardener-apiserver has let it pass. What stands for gardenlet does not know it. */
const taken = 'kubectl annotate shoot example gardener.cloud/operation-';

const created = (object: object) => `echo '${JSON.stringify(object)}' | kubectl create -f -`;
const patched = (shoot: string, status: object) =>
  `kubectl patch shoot ${shoot} --subresource=status --type=merge -p '${JSON.stringify({ status })}'`;

/** The leader makes them anew within a minute; the docs delete them where nobody leads. */
const webhooksOf = (name: string) =>
  ['Validating', 'Mutating']
    .map((type) => `${type}WebhookConfiguration`)
    .map(
      (kind) => [kind, created({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name } })] as const,
    )
    .map(([kind, create]) => `(kubectl get ${kind} ${name} || ${create})`)
    .join(' && ');
const provider = 'gardener-extension-provider-metal';
const admission = 'gardener-extension-admission-metal';

/** The landscape has installed it under another name; what Gardener has in each seed and garden is there. */
const notInstalled = (release: string, namespace: string, priority: string) =>
  [
    `(kubectl get priorityclass ${priority} || kubectl create priorityclass ${priority} --value=999999000)`,
    `helm uninstall ${release} --namespace ${namespace} --ignore-not-found`,
  ].join(' && ');

const storagePolicy = {
  apiVersion: 'metal-stack.io/v1',
  kind: 'ClusterwideNetworkPolicy',
  metadata: { namespace: 'firewall', name: 'allow-to-storage' },
  spec: {},
};

/** Force deletion is for what is being deleted, and has failed in certain ways. Nobody is to try before it is asked for. */
const doomed = [
  "sed 's/^  name: .*/  name: doomed/' example/shoot-ipv6.yaml | kubectl create -f -",
  "kubectl wait shoot doomed --for=jsonpath='{.status.lastOperation.state}'=Succeeded --timeout=60s",
  'kubectl annotate shoot doomed shoot.gardener.cloud/ignore=true confirmation.gardener.cloud/deletion=true',
  'kubectl delete shoot doomed --wait=false',
  patched('doomed', { lastErrors: [{ description: 'denied', codes: ['ERR_INFRA_UNAUTHORIZED'] }] }),
].join(' && ');
const prepared = {
  credentials: {
    rotation: { certificateAuthorities: { phase: 'Prepared', lastInitiationTime: '2026-01-01T00:00:00Z' } },
  },
};

/** What the webhook gives the machine controller, and the page says that it does. */
const machineControllerFlags = [
  ...[
    '--kube-api-qps=100',
    '--kube-api-burst=200',
    '--machine-creation-timeout=20m',
    '--machine-health-timeout=10080m',
  ],
  ...['--machine-drain-timeout=2h', '--machine-safety-orphan-vms-period=30m'],
  '--machine-safety-apiserver-statuscheck-period=1m',
  '--machine-safety-apiserver-statuscheck-timeout=30s',
].join(' ');
const argumentsOfMachineController =
  'kubectl -n shoot--local--example get deployment machine-controller-manager -o ' +
  `jsonpath='{.spec.template.spec.containers[?(@.name=="machine-controller-manager-provider-metal")].args[*]}'`;

/** Tests are in the real checkout, `make up` is not. */
const listTests = { 'vitest run': 'cd $CHECKOUT && vitest list' };
const runTests = { 'vitest run': 'vitest run --root $CHECKOUT' };

/** In this order, where `make up` has made the example Shoot. */
export const steps: readonly Step[] = [
  { command: 'make help', prints: 'make up' },
  { command: 'export PATH=$PWD/node_modules/.bin:$PATH', more: '&& node --version', prints: 'v24' },
  { command: 'node landscape/metal-api/main.ts --help', prints: '--port' },
  { command: 'node dist/main.mjs admission --help', prints: '--webhook-config-mode' },
  { command: 'node dist/main.mjs controllers --help', prints: '--config-file' },
  { command: 'espalier admission [flags]', prints: 'Usage: espalier admission' },
  { command: 'espalier controllers --config-file=<path> [flags]', prints: 'Usage: espalier controllers' },
  {
    command: `espalier machine-controller --control-kubeconfig=inClusterConfig --target-kubeconfig=<kubeconfig of the shoot> --namespace=<control plane> ${machineControllerFlags}`,
    fill: { '<kubeconfig of the shoot>': 'shoot.kubeconfig', '<control plane>': 'shoot--local--example' },
    more: '--help',
    prints: 'Usage: espalier machine-controller',
    effect: `${argumentsOfMachineController} | tr ' ' '\\n' > given; for flag in ${machineControllerFlags}; do grep -qx -- $flag given || exit 1; done`,
  },
  {
    command: 'espalier plan -f example/shoot.yaml example/cloudprofile.yaml',
    prints: 'kind: FirewallDeployment',
  },

  { command: 'kubectl get shoot -o yaml', prints: 'kind: Shoot' },
  { command: 'kubectl get shoot <name> -o yaml', prints: 'technicalID: shoot--local--example' },
  { command: 'kubectl apply --dry-run=server', more: '-f example/shoot.yaml', prints: '(server dry run)' },
  {
    command: 'kubectl get infrastructures,controlplanes,workers -A',
    prints: 'worker.extensions.gardener.cloud/example',
  },
  {
    command: 'kubectl -n <control-plane namespace> get machines,machinedeployments,firewalls',
    prints: 'machine.machine.sapcloud.io/shoot--local--example-group-0-',
  },
  {
    command: 'kubectl -n shoot--<project>--<shoot> get machines',
    fill: { '<project>': 'local', '<shoot>': 'example' },
    prints: 'shoot--local--example-group-0-',
  },
  { command: 'kubectl -n firewall get firewallmonitors', in: 'shoot', prints: 'shoot--local--example-firewall-' },
  {
    // Nobody runs its pod here, so there are no lines.
    command: 'kubectl -n firewall logs deployment/droptailer',
    in: 'shoot',
    effect: 'kubectl -n firewall get deployment/droptailer',
  },

  { command: 'vitest run --project unit src/kube/queue.test.ts', fill: runTests, prints: 'passed' },
  {
    command: "vitest run --project integration test/integration/lifecycle.test.ts -t 'after a crash'",
    fill: listTests,
    prints: 'lifecycle.test.ts > after a crash > ',
  },
  {
    command: 'CHAOS_SEED=<seed> vitest run --project integration test/integration/chaos.test.ts',
    fill: { ...listTests, 'CHAOS_SEED=<seed>': 'export CHAOS_SEED=1 &&' },
    prints: 'chaos.test.ts > ',
  },
  {
    command:
      'LANDSCAPE_KUBECONFIG=$PWD/.landscape/garden.kubeconfig LANDSCAPE_SHOOT_KUBECONFIG=$PWD/.landscape/shoot.kubeconfig ' +
      'vitest run --project integration test/integration/kube-client.test.ts',
    fill: runTests,
    // As much as shows that nothing else is started.
    more: "-t 'by a dry run'",
    prints: '1 passed',
  },

  { command: 'espalier plan -f shoot.yaml --diff --kubeconfig seed.kubeconfig' },
  { command: 'espalier plan -f shoot.yaml -f controllers.yaml --diff --kubeconfig seed.kubeconfig' },
  { command: 'espalier doctor --kubeconfig seed.kubeconfig', prints: '1 cluster: 0 errors, 0 warnings' },
  {
    command: 'espalier doctor --kubeconfig seed.kubeconfig --garden-kubeconfig garden.kubeconfig',
    prints: '1 cluster: 0 errors, 0 warnings, 0 notes',
  },
  {
    command: 'espalier doctor --kubeconfig seed.kubeconfig --garden-kubeconfig garden.kubeconfig --fix',
    prints: '1 cluster: 0 errors, 0 warnings, 0 notes',
  },

  {
    command: 'kubectl annotate shoot <name> gardener.cloud/operation=reconcile',
    before: now,
    effect: reconciled,
  },
  {
    command:
      'kubectl annotate shoot <name> gardener.cloud/operation=reconcile shoot.gardener.cloud/tasks=deployInfrastructure',
    before: now,
    effect: reconciled,
  },
  { command: 'kubectl annotate shoot <name> gardener.cloud/operation=retry', effect: taken },
  { command: 'kubectl annotate shoot <name> gardener.cloud/operation=rotate-ca-start', effect: taken },
  {
    command: 'kubectl annotate shoot <name> gardener.cloud/operation=rotate-ca-complete',
    effect: taken,
    before: patched('example', prepared),
  },

  {
    command: `kubectl -n garden rollout restart deployment ${admission}`,
    effect: `kubectl -n garden rollout status deployment ${admission} --timeout=30s`,
  },
  {
    command: 'kubectl -n firewall delete clusterwidenetworkpolicy allow-to-storage',
    before: created(storagePolicy),
  },
  {
    command: 'kubectl annotate shoot <name> confirmation.gardener.cloud/force-deletion=true',
    fill: { '<name>': 'doomed' },
    before: doomed,
    effect: 'kubectl annotate shoot doomed shoot.gardener.cloud/ignore-; ! kubectl get shoot doomed',
  },

  {
    command: 'kubectl -n <control-plane namespace> delete secret -l manager-identity=provider-metal-controlplane',
    prints: 'secret "ca-provider-metal-controlplane-',
  },
  {
    command:
      'kubectl -n <namespace of the extension> delete secret -l manager-identity=gardener-extension-provider-metal-webhook',
    prints: 'secret "ca-provider-metal-webhook-',
  },
];

/** Without the Shoot. Here Espalier goes. */
export const lastSteps: readonly Step[] = [
  {
    command: 'helm template provider-metal charts/gardener-extension-provider-metal -f values.yaml',
    prints: 'kind: ClusterRole',
  },
  {
    command:
      'helm install provider-metal charts/gardener-extension-provider-metal --namespace extension-provider-metal -f values.yaml',
    before: notInstalled(provider, 'extension-provider-metal', 'gardener-system-900'),
    effect: 'helm uninstall provider-metal --namespace extension-provider-metal',
  },
  {
    command: 'helm install admission-metal charts/gardener-extension-admission-metal --namespace garden',
    before: notInstalled(admission, 'garden', 'gardener-garden-system-400'),
    effect: 'helm uninstall admission-metal --namespace garden',
  },
  {
    command: 'kubectl -n garden create configmap seed-api-server --from-literal=url=https://api.my-seed.example.com',
    before: 'kubectl -n garden delete configmap seed-api-server',
  },
  ...[
    `kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration ${provider}`,
    `kubectl delete validatingwebhookconfiguration ${provider}`,
  ].map((command) => ({ command, before: webhooksOf(provider) })),
  {
    command: `kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration ${admission}`,
    before: webhooksOf(admission),
  },
];
