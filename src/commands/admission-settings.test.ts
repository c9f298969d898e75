import { describe, expect, it } from 'vitest';
import { admissionFlags } from './admission-flags.ts';
import { settleAdmission } from './admission-settings.ts';
import { parseFlags, UsageError } from './flags.ts';

const settle = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  settleAdmission(parseFlags(admissionFlags, args, env), env);
const namespaced = ['--webhook-config-namespace=garden'];

describe('settleAdmission', () => {
  it('is reached by Service, in its namespace, which also has the Lease and owns the configurations', () =>
    expect(settle(namespaced)).toEqual({
      garden: undefined,
      hasSource: false,
      clientMode: { mode: 'service', namespace: 'garden', servicePort: 443 },
      namespace: 'garden',
      ownerNamespace: 'garden',
      certDir: undefined,
      lease: { namespace: 'garden', name: 'gardener-extension-admission-metal' },
    }));

  it.each<[string, string[], NodeJS.ProcessEnv, object]>([
    ['kubeconfig', ['--kubeconfig=flag'], {}, { garden: 'flag' }],
    ['GARDEN_KUBECONFIG goes before it', ['--kubeconfig=flag'], { GARDEN_KUBECONFIG: 'env' }, { garden: 'env' }],
    ['an empty one does not', ['--kubeconfig=flag'], { GARDEN_KUBECONFIG: '' }, { garden: 'flag' }],
    [
      'a source cluster has another namespace than the garden',
      [],
      { SOURCE_CLUSTER: 'enabled' },
      { hasSource: true, namespace: 'garden', ownerNamespace: undefined },
    ],
    [
      'the owner is named',
      ['--webhook-config-owner-namespace=extension-metal'],
      { SOURCE_CLUSTER: 'enabled' },
      { ownerNamespace: 'extension-metal' },
    ],
    [
      'by URL',
      ['--webhook-config-mode=url', '--webhook-config-url=a.b:9443'],
      {},
      { clientMode: { mode: 'url', url: 'a.b:9443' } },
    ],
    [
      'by the URL of the Service',
      ['--webhook-config-mode=url-service', '--webhook-config-service-port=10250'],
      {},
      { clientMode: { mode: 'url-service', namespace: 'garden', servicePort: 10250 } },
    ],
    ['without leader election', ['--leader-election=false'], {}, { lease: undefined }],
    ['a directory without files', ['--webhook-config-cert-dir=/nonexistent'], {}, { certDir: undefined }],
  ])('%s', (_, args, env, expected) => expect(settle([...namespaced, ...args], env)).toMatchObject(expected));

  it.each<[string[], string]>([
    [[], '--webhook-config-namespace is required for --webhook-config-mode=service'],
    [['--webhook-config-mode=url'], '--webhook-config-url is required for --webhook-config-mode=url'],
    [
      ['--webhook-config-mode=url', '--webhook-config-url=a b'],
      '--webhook-config-url=a b: must be a host, or host:port',
    ],
    [['--webhook-config-mode=url', '--webhook-config-url=a'], '--leader-election-namespace is required'],
  ])('%j is refused', (args, message) => {
    expect(() => settle(args)).toThrow(UsageError);
    expect(() => settle(args)).toThrow(message);
  });
});
