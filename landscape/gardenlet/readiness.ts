import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import { parseTime } from './time.ts';

export const operationAnnotation = 'gardener.cloud/operation';
export const timestampAnnotation = 'gardener.cloud/timestamp';

export type Readiness =
  | { readonly ready: true }
  | {
      readonly ready: false;
      readonly reason: string;
      /** The extension reported an error: fatal once it has been waited for longer than the severe threshold. */
      readonly severe: boolean;
      readonly codes: readonly string[];
    };

const notYet = (reason: string): Readiness => ({ ready: false, reason, severe: false, codes: [] });

/**
 * Gardener's rule for when an extension object has done what was asked (gardener-contract 1.5): the first condition that
 * does not hold is the reason. `expectedTimestamp` is the timestamp annotation as it was written with the request; an
 * object that carries another one was read from a stale cache, or somebody changed it.
 */
export function readiness(object: ExtensionObject, expectedTimestamp?: string): Readiness {
  const annotations = object.metadata.annotations ?? {};
  const timestamp = annotations[timestampAnnotation];
  if (expectedTimestamp !== undefined && timestamp !== expectedTimestamp) {
    return notYet(`annotation ${timestampAnnotation} is ${timestamp ?? 'absent'}, expected ${expectedTimestamp}`);
  }
  const status = object.status ?? {};
  if (status.lastError) {
    const { description, codes = [] } = status.lastError;
    return { ready: false, reason: `the extension reports: ${description}`, severe: true, codes };
  }
  if ((status.observedGeneration ?? 0) !== (object.metadata.generation ?? 0)) {
    return notYet(
      `observed generation is ${status.observedGeneration ?? 0}, the generation is ${object.metadata.generation}`,
    );
  }
  const operation = annotations[operationAnnotation];
  if (operation !== undefined) return notYet(`operation "${operation}" is not yet picked up by the extension`);
  const last = status.lastOperation;
  if (!last) return notYet('the extension has not recorded a last operation yet');
  if (last.state !== 'Succeeded') return notYet(`the last operation is ${last.state}: ${last.description}`);
  return timestamp === undefined ? { ready: true } : afterRequest(timestamp, last.lastUpdateTime);
}

function afterRequest(timestamp: string, lastUpdateTime: string): Readiness {
  const asked = parseTime(timestamp);
  if (asked === undefined) return notYet(`annotation ${timestampAnnotation} is not RFC 3339: ${timestamp}`);
  const finished = parseTime(lastUpdateTime) ?? 0;
  if (wholeSecond(asked) > finished) {
    return notYet(`the last operation ended at ${lastUpdateTime}, before it was asked for at ${timestamp}`);
  }
  return { ready: true };
}

const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** The condition under which gardenlet asks again although no task says so (gardener-contract 1.4). */
export function mustAskAgain(object: ExtensionObject): boolean {
  const last = object.status?.lastOperation;
  if (!last) return false;
  if (last.state !== 'Succeeded') return true;
  const timestamp = object.metadata.annotations?.[timestampAnnotation];
  if (timestamp === undefined) return false;
  const asked = parseTime(timestamp);
  return asked === undefined || wholeSecond(asked) > (parseTime(last.lastUpdateTime) ?? 0);
}
