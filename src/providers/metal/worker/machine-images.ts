import type { Worker } from '../../../apis/extensions/worker.ts';
import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import { METAL_API_VERSION } from '../../../apis/metal/group.ts';
import { type WorkerStatus, workerStatus } from '../../../apis/metal/worker-status.ts';
import { OperationError } from '../../errors.ts';

interface ImageName {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

/**
 * Finds the id at metal-api of a pool's image: in the operator's configuration, else where an earlier run found it, so
 * that a version that is not configured any more does not stop the clusters that have it (metal-provider 3.4).
 */
export function machineImageFinder(worker: Worker, config: ControllerConfiguration): (wanted: ImageName) => string {
  const remembered = workerStatus.safeParse(worker.status?.providerStatus).data?.machineImages ?? [];
  const known = [...(config.machineImages ?? []), ...remembered];
  return ({ name, version }) => {
    const found = known.find((image) => image.name === name && image.version === version && image.image);
    if (found?.image) return found.image;
    throw new OperationError(
      `could not find machine image for ${name}/${version} neither in componentconfig nor in worker status: ` +
        "the operator must add it to machineImages of the extension's configuration, or the pool take another version",
      { codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'] },
    );
  };
}

/** What the pools use, once for each name and version. */
export function workerStatusOf(worker: Worker, find: (wanted: ImageName) => string): WorkerStatus {
  const used = new Map<string, NonNullable<WorkerStatus['machineImages']>[number]>();
  for (const { machineImage } of worker.spec.pools ?? []) {
    const { name, version } = machineImage;
    used.set(`${name}/${version}`, { name, version, image: find(machineImage) });
  }
  return { apiVersion: METAL_API_VERSION, kind: 'WorkerStatus', machineImages: [...used.values()] };
}
