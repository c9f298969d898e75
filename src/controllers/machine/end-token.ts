import { toError } from '../../kube/errors.ts';
import { deleteBootstrapToken } from './bootstrap-token.ts';
import type { Operation, Target } from './context.ts';

/** The machine does not need its token any more; one that cannot be deleted now expires. */
export async function endToken({ machine, signal, log }: Operation, target: Target): Promise<void> {
  const { name } = machine.metadata;
  await deleteBootstrapToken(target.client, name, signal).catch((error: unknown) => {
    log.warn({ error: toError(error) }, 'The bootstrap token could not be deleted');
  });
}
