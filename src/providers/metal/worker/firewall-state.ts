import { isDeepStrictEqual } from 'node:util';
import { dump, load } from 'js-yaml';
import * as z from 'zod';
import type { Firewall } from '../../../apis/firewall/firewall.ts';
import { OperationError } from '../../errors.ts';

/** Infrastructure.status.state, as the Go extension writes it: each Firewall is a YAML document. */
const firewallState = z.object({ firewalls: z.array(z.string()).nullish() }).nullish();

const storedFirewall = z.looseObject({
  metadata: z.looseObject({ name: z.string().min(1) }),
  spec: z.looseObject({}),
});

export interface FirewallState {
  readonly firewalls: readonly string[];
}

/** What a Firewall is made anew from: nothing that only this seed's API server and controllers know. */
function restorable({ metadata, spec, distance }: Firewall): Firewall {
  const { name, namespace, labels, annotations, finalizers } = metadata;
  return {
    apiVersion: 'firewall.metal-stack.io/v2',
    kind: 'Firewall',
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
    },
    ...(spec ? { spec } : {}),
    ...(distance === undefined ? {} : { distance }),
  };
}

/** The Firewalls of a state. Absent state has none. @throws OperationError for one that cannot be read */
export function firewallsOf(state: unknown): Firewall[] {
  const read = firewallState.safeParse(state);
  if (!read.success) throw broken('it is not of the form {"firewalls": [...]}');
  return (read.data?.firewalls ?? []).map((text, index) => {
    const stored = storedFirewall.safeParse(parsed(text, index));
    if (!stored.success) throw broken(`entry ${index} is no Firewall`);
    return restorable(stored.data as unknown as Firewall);
  });
}

function parsed(text: string, index: number): unknown {
  try {
    return load(text);
  } catch {
    // The parser's message quotes the text, and that has kubeconfigs in it.
    throw broken(`entry ${index} is not YAML`);
  }
}

function broken(what: string): OperationError {
  return new OperationError(
    `status.state of the Infrastructure cannot be read: ${what}. Correct it; or remove it to have new firewalls made, and ` +
      'free the old ones at metal-api',
    { codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'] },
  );
}

/** The state that says what these Firewalls are, by name; undefined when `current` says so already. */
export function changedState(firewalls: readonly Firewall[], current: unknown): FirewallState | undefined {
  const wanted = firewalls.map(restorable).sort(byName);
  const known = readable(current)?.sort(byName);
  if (isDeepStrictEqual(wanted, known)) return undefined;
  return { firewalls: wanted.map((firewall) => dump(firewall, { sortKeys: true, lineWidth: -1, noRefs: true })) };
}

/** The same, but nothing is taken out: what is missing in `firewalls` may have been let go of already. */
export function extendedState(firewalls: readonly Firewall[], current: unknown): FirewallState | undefined {
  const names = new Set(firewalls.map(({ metadata }) => metadata.name));
  const others = firewallsOf(current).filter(({ metadata }) => !names.has(metadata.name));
  return changedState([...others, ...firewalls], current);
}

function readable(state: unknown): Firewall[] | undefined {
  try {
    return firewallsOf(state);
  } catch {
    return undefined;
  }
}

function byName(left: Firewall, right: Firewall): number {
  return left.metadata.name < right.metadata.name ? -1 : 1;
}
