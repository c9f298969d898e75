import { promisify } from 'node:util';
import { gunzip as gunzipCallback, gzip as gzipCallback } from 'node:zlib';
import * as z from 'zod';
import type { Machine, MachineSet } from '../../apis/machine/machine.ts';
import { OperationError } from '../../providers/errors.ts';

/** What a MachineDeployment was on the seed that the shoot came from. */
export interface MachineDeploymentState {
  readonly replicas: number;
  readonly machineSets: readonly MachineSet[];
  readonly machines: readonly Machine[];
}

/** By the name of the MachineDeployment. */
export type MachineState = ReadonlyMap<string, MachineDeploymentState>;

const gunzip = promisify(gunzipCallback);
const gzip = promisify(gzipCallback);
/** A state of 10,000 machines has some 20 MiB. */
const maxOutputLength = 256 * 1024 * 1024;

const object = z.looseObject({ metadata: z.looseObject({ name: z.string() }), spec: z.looseObject({}) });
const compressed = z.looseObject({ state: z.base64().nullish() });
const decompressed = z.looseObject({
  machineDeployments: z
    .record(
      z.string(),
      z.looseObject({
        replicas: z.number().nullish(),
        machineSets: z.array(object).nullish(),
        machines: z.array(object).nullish(),
      }),
    )
    .nullish(),
});

/** Reads status.state of a Worker, which gardenlet fills before a restore (gardener-contract 2.10). Throws OperationError. */
export async function decodeMachineState(state: unknown): Promise<MachineState> {
  if (state === undefined || state === null) return new Map();
  try {
    const { state: packed } = compressed.parse(state);
    if (!packed) return new Map();
    const text = (await gunzip(Buffer.from(packed, 'base64'), { maxOutputLength })).toString();
    const { machineDeployments } = decompressed.parse(JSON.parse(text));
    return new Map(
      Object.entries(machineDeployments ?? {}).map(([name, { replicas, machineSets, machines }]) => [
        name,
        {
          replicas: replicas ?? 0,
          machineSets: (machineSets ?? []) as unknown as MachineSet[],
          machines: (machines ?? []) as unknown as Machine[],
        },
      ]),
    );
  } catch (cause) {
    throw new OperationError(
      'status.state of the Worker is not a machine state as gardenlet writes it: no machine can be restored. Correct it ' +
        'there, and in the ShootState that gardenlet takes it from',
      { cause },
    );
  }
}

/** The inverse, as gardenlet does it. */
export async function encodeMachineState(state: MachineState): Promise<{ state: string }> {
  const text = JSON.stringify({ machineDeployments: Object.fromEntries(state) });
  return { state: (await gzip(text)).toString('base64') };
}
