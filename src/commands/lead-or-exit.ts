import { type Holder, isProvablyDead } from '../kube/holder.ts';
import { type LeaderOptions, runAsLeader } from '../kube/leader.ts';
import { LeadershipLostError } from '../kube/lease-renewal.ts';

/** Leads under the Lease until stopped. Ends the process when the Lease is lost: nothing that it does may go on. */
export async function leadOrExit(options: Omit<LeaderOptions, 'identity' | 'isDead'>, holder: Holder): Promise<void> {
  const { identity } = holder;
  try {
    await runAsLeader({ ...options, identity, isDead: (other) => isProvablyDead(other, holder) });
  } catch (error) {
    if (!(error instanceof LeadershipLostError)) throw error;
    // Another replica may lead in a moment: nothing may be waited for.
    options.log.error({ error }, 'Leadership lost, exiting');
    process.exit(1);
  }
}
