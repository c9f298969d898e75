import * as z from 'zod';

const persistentVolumeSpec = z.object({ csi: z.object({ driver: z.string(), volumeHandle: z.string() }) });

const LIGHTBITS = 'csi.lightbitslabs.com';
const NGUID = 'nguid:';

/** Ids of CSI volumes; what is no CSI volume has none (metal-components E.7). */
export function volumeIDsOf(specs: readonly unknown[]): string[] {
  return specs.flatMap((spec) => {
    const { success, data } = persistentVolumeSpec.safeParse(spec);
    return success ? [idOf(data.csi)] : [];
  });
}

/** A handle of lightbits is a list `key:value|key:value`; its nguid names the volume. */
function idOf({ driver, volumeHandle }: z.output<typeof persistentVolumeSpec>['csi']): string {
  if (driver !== LIGHTBITS) return volumeHandle;
  const nguid = volumeHandle.split('|').find((part) => part.startsWith(NGUID));
  return nguid?.slice(NGUID.length) || volumeHandle;
}
