import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';

const run = promisify(execFile);

async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run(inject('parts').kubectl, ['--kubeconfig', inject('kubeconfig'), ...args]);
  return stdout;
}

describe('control plane', () => {
  test.each([
    'shoots.core.gardener.cloud',
    'controllerdeployments.v1.core.gardener.cloud',
    'credentialsbindings.security.gardener.cloud',
    'managedseeds.seedmanagement.gardener.cloud',
    'bastions.operations.gardener.cloud',
    'infrastructures.extensions.gardener.cloud',
    'managedresources.resources.gardener.cloud',
    'machines.machine.sapcloud.io',
    'firewalldeployments.firewall.metal-stack.io',
  ])('serves %s', async (resource) => {
    await expect(kubectl('get', resource, '--all-namespaces')).resolves.toBe('');
  });
});
