import type { Step } from '../step.ts';

/** They read only. */
export const lookSteps: readonly Step[] = [
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

  { command: 'espalier plan -f shoot.yaml --diff --kubeconfig seed.kubeconfig' },
  { command: 'espalier plan -f shoot.yaml -f controllers.yaml --diff --kubeconfig seed.kubeconfig' },
  { command: 'espalier doctor --kubeconfig seed.kubeconfig', prints: '1 cluster: 0 errors, 0 warnings' },
  {
    command: 'espalier doctor --kubeconfig seed.kubeconfig --garden-kubeconfig garden.kubeconfig',
    prints: '1 cluster: 0 errors, 0 warnings, 0 notes',
  },
  {
    // There is one seed here.
    command:
      'espalier doctor --kubeconfig fra-1=fra-1.kubeconfig --kubeconfig fra-2=fra-2.kubeconfig --garden-kubeconfig garden.kubeconfig --fix',
    fill: { 'fra-1=fra-1.kubeconfig --kubeconfig fra-2=fra-2.kubeconfig': 'local=seed.kubeconfig' },
    prints: '1 cluster: 0 errors, 0 warnings, 0 notes',
  },
];
