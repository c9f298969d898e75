import type { Step } from '../step.ts';
import { patched } from './objects.ts';

/** The Shoot has been reconciled after `since.txt` was written. */
const reconciled =
  `kubectl get shoot example -o jsonpath='{.status.lastOperation.type} {.status.lastOperation.state} ' && ` +
  `test "$(kubectl get shoot example -o jsonpath='{.status.lastOperation.lastUpdateTime}')" \\> "$(cat since.txt)" && ` +
  `test "$(kubectl get shoot example -o jsonpath='{.status.lastOperation.state}')" = Succeeded`;
const now = 'date -u +%Y-%m-%dT%H:%M:%SZ > since.txt; sleep 1.1';

/** gardener-apiserver has let it pass. What stands for gardenlet does not know it. */
const taken = 'kubectl annotate shoot example gardener.cloud/operation-';

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

/** What the owner of a Shoot does with it. */
export const shootSteps: readonly Step[] = [
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
    command: 'kubectl annotate shoot <name> confirmation.gardener.cloud/force-deletion=true',
    fill: { '<name>': 'doomed' },
    before: doomed,
    effect: 'kubectl annotate shoot doomed shoot.gardener.cloud/ignore-; ! kubectl get shoot doomed',
  },
];
