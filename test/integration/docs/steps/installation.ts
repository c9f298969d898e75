import type { Step } from '../step.ts';
import { admission, created, provider } from './objects.ts';

/** The leader makes them anew within a minute; the docs delete them where nobody leads. */
const webhooksOf = (name: string) =>
  ['Validating', 'Mutating']
    .map((type) => `${type}WebhookConfiguration`)
    .map(
      (kind) => [kind, created({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name } })] as const,
    )
    .map(([kind, create]) => `(kubectl get ${kind} ${name} || ${create})`)
    .join(' && ');
/** The landscape has installed it under another name; what Gardener has in each seed and garden is there. */
const notInstalled = (release: string, namespace: string, priority: string) =>
  [
    `(kubectl get priorityclass ${priority} || kubectl create priorityclass ${priority} --value=999999000)`,
    `helm uninstall ${release} --namespace ${namespace} --ignore-not-found`,
  ].join(' && ');

/** Espalier goes, comes and goes. There are no Shoots any more. */
export const installationSteps: readonly Step[] = [
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
