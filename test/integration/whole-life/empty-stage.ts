import { join } from 'node:path';
import { inject } from 'vitest';
import { added, type Inventory, inventoryOf } from './inventory.ts';
import { type Stage, startStage } from './stage.ts';

/** What the API servers of a stage hold before the first Shoot. */
export interface Empty {
  readonly garden: Inventory;
  readonly shoot: Inventory;
}

export async function startEmptyStage(name: string): Promise<{ readonly stage: Stage; readonly empty: Empty }> {
  await using started = new AsyncDisposableStack();
  const stage = started.use(await startStage(join(inject('landscapeDir'), name), inject('parts')));
  const [garden, shoot] = [await inventoryOf(stage.gardenKubeconfig), await inventoryOf(stage.shootKubeconfig)];
  started.move();
  return { stage, empty: { garden, shoot } };
}

/** For a test that has failed: prints what the stage says, and what there is in the seed now. */
export async function reportStage(stage: Stage, empty: Empty): Promise<void> {
  await stage.report();
  const left = added(empty.garden, await inventoryOf(stage.gardenKubeconfig));
  process.stderr.write(`\n--- in the first seed\n${left.join('\n')}\n`);
}
