import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { logTail } from '../../../landscape/processes/log-tail.ts';
import type { ExtensionObject } from '../../../src/apis/extensions/extension.ts';
import { controlPlanes, infrastructures, workers } from '../../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { Resource } from '../../../src/kube/resource.ts';

/** What the extension says of all that it was asked for. */
export async function reportExtensions(seed: KubeClient): Promise<void> {
  for (const resource of [infrastructures, controlPlanes, workers]) {
    const { items } = await seed.list<ExtensionObject>(resource as Resource<ExtensionObject>);
    for (const { metadata, status } of items) {
      const { namespace, deletionTimestamp, annotations } = metadata;
      const { lastOperation, lastError } = status ?? {};
      const state = JSON.stringify({ deletionTimestamp, annotations, lastOperation, lastError }, null, 2);
      process.stderr.write(`\n--- ${resource.kind} ${namespace}\n${state}\n`);
    }
  }
}

/** Of those that say nothing of a Shoot. */
const silent = /^(etcd|kube-apiserver|gardener-apiserver|kube-controller-manager|resource-manager)/;

/** The ends of the logs in these directories, so that a failure on another machine can be understood. */
export async function reportLogs(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) {
    const files = await readdir(dir).catch(() => []);
    for (const file of files.filter((name) => !silent.test(name))) {
      const tail = (await logTail(join(dir, file))).replace(/^(.{600}).*$/gm, '$1 ...');
      process.stderr.write(`\n--- ${file}\n${tail}\n`);
    }
  }
}
