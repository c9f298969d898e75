import type { Step } from '../step.ts';

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

/** What the programs say of themselves. */
export const programSteps: readonly Step[] = [
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
];
