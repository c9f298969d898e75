import type { Worker } from '../../apis/extensions/worker.ts';
import { sleep } from '../../kube/clock.ts';
import { startDeadline } from '../../kube/deadline.ts';
import { secrets } from '../../kube/secret.ts';
import { OperationError } from '../../providers/errors.ts';
import type { Operation } from '../../providers/provider.ts';
import { namespaceOf, type WorkerDependencies } from './dependencies.ts';
import { machineFinalizers } from './machine-controller-manager.ts';

/** Whether a machine controller holds the Secret with the credentials by its finalizer. */
type CredentialsUse = 'taken' | 'released';

/** It is nobody's to watch: it bears no label of machines. */
const firstPollMs = 100;
const longestPollMs = 5000;
const timeoutMs = 5 * 60_000;

const texts: Record<CredentialsUse, string> = {
  taken: 'Waiting for machine-controller-manager to take up the credentials',
  released: 'Waiting for machine-controller-manager to let go of the credentials',
};
const advice = 'see whether its Deployment is ready, and the logs of its containers';

/**
 * A Secret that is not there is not waited for. Machines must not be deleted before their controller holds the
 * credentials, or these could go first; and the Secret must not outlive its use with a finalizer that nobody removes
 * (gardener-contract 2.9).
 */
export async function waitForCredentials(
  operation: Operation<Worker>,
  { kube, clock }: WorkerDependencies,
  use: CredentialsUse,
): Promise<void> {
  const { name, namespace = namespaceOf(operation) } = operation.object.spec.secretRef;
  const isDone = async (signal: AbortSignal) => {
    const secret = await kube.find(secrets, { name, namespace }, { signal });
    const isTaken = secret?.metadata.finalizers?.some((finalizer) => machineFinalizers.includes(finalizer)) ?? false;
    return secret === undefined || isTaken === (use === 'taken');
  };
  if (await isDone(operation.signal)) return;
  operation.progress(texts[use], use === 'taken' ? 10 : 90);
  const late = () =>
    new OperationError(
      `${texts[use]} (Secret ${name}): gave up after ${timeoutMs / 60_000} minutes, will try again; ${advice}`,
    );
  await operation.pause(async (signal) => {
    const deadline = startDeadline(clock, timeoutMs, late, signal);
    try {
      for (let ms = firstPollMs; !(await isDone(deadline.signal)); ms = Math.min(ms * 2, longestPollMs)) {
        await sleep(clock, ms, deadline.signal);
      }
    } finally {
      deadline.end();
    }
  });
}
