import type { Secret } from '../../kube/secret.ts';
import type { SecretConfig } from '../../providers/secrets.ts';
import { makeSecret } from './make.ts';
import { type Plan, type PlanInput, planSecrets } from './plan.ts';

export const identity = 'provider-test-controlplane';
export const start = Date.UTC(2026, 0, 2);
export const day = 86_400_000;
export const initiated = '2026-03-01T02:03:04Z';

export const configs: readonly SecretConfig[] = [
  { kind: 'ca', name: 'ca', commonName: 'ca' },
  {
    kind: 'server',
    name: 'server',
    commonName: 'logs',
    organization: ['servers'],
    dnsNames: ['localhost', '*.logs.svc'],
    ipAddresses: ['127.0.0.1', 'fd00::0:1'],
    signedBy: 'ca',
  },
  {
    kind: 'server',
    name: 'webhook',
    commonName: 'webhook',
    dnsNames: ['localhost'],
    signedBy: 'ca',
    useCurrentCA: true,
    publishCA: false,
  },
  { kind: 'client', name: 'client', commonName: 'logs', organization: ['b', 'a'], signedBy: 'ca' },
];

type Changes = Partial<Omit<PlanInput, 'secrets'>>;

export const plan = (secrets: readonly Secret[], changes: Changes = {}): Plan =>
  planSecrets({ configs, identity, rotation: {}, taken: new Set(), now: start, ...changes, secrets });

/** Makes what is missing until nothing is. */
export async function settle(secrets: readonly Secret[], changes: Changes = {}) {
  const made: Secret[] = [];
  for (let round = 0; round < 4; round++) {
    const next = plan([...secrets, ...made], changes);
    if (next.missing.length === 0) return { plan: next, made, secrets: [...secrets, ...made] };
    const making = next.missing.map((missing) => makeSecret(missing, 'shoot', changes.now ?? start));
    made.push(...(await Promise.all(making)));
  }
  throw new Error('does not settle');
}
