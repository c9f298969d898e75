import * as z from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      cloudControllerManager: object({
        featureGates: z.record(z.string(), z.boolean()).optional(),
        defaultExternalNetwork: z.string().optional(),
      }).optional(),
      featureGates: object({
        /** No effect. */
        machineControllerManagerOOT: z.boolean().optional(),
        durosStorageEncryption: z.boolean().optional(),
        /** No effect. */
        clusterAudit: z.boolean().optional(),
        /** No effect. */
        auditToSplunk: z.boolean().optional(),
        disableCsiLvm: z.boolean().optional(),
      }).optional(),
      /** Absent: the default of metal. An empty class name: no default of metal is wanted. */
      customDefaultStorageClass: object({ className: z.string().optional() }).optional(),
      /** `baseline` (also when absent), `restricted` or `forbidden`; the values are checked by the rules. */
      networkAccessType: z.string().optional(),
    }),
  );

/** Shoot.spec.provider.controlPlaneConfig, as controllers read it. */
export const controlPlaneConfig = declare(tolerant);
/** The same, refusing unknown fields. */
export const strictControlPlaneConfig = declare(strict);

export type ControlPlaneConfig = z.infer<typeof controlPlaneConfig>;
