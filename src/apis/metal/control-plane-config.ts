import * as z from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';
import { described } from './described.ts';
import { typeMeta } from './type-meta.ts';

const ineffective = (what: string) =>
  z
    .boolean()
    .optional()
    .meta(described(`Deprecated and without effect (${what}).`, { default: 'false' }));

const declareCloudControllerManager = (object: ObjectOf) =>
  object({
    featureGates: z
      .record(z.string(), z.boolean())
      .optional()
      .meta(described('Feature gates of metal-ccm, by name.', { default: 'none' })),
    defaultExternalNetwork: z
      .string()
      .optional()
      .meta(
        described('Network that load balancers get their addresses from when a Service names none.', {
          default:
            'the first of `firewall.networks` that metal-api labels as default external network; none with network access `forbidden`',
          rules: 'One of `firewall.networks`; checked when the control plane is reconciled.',
        }),
      ),
  });

const declareFeatureGates = (object: ObjectOf) =>
  object({
    machineControllerManagerOOT: ineffective('the machine controller always runs out of tree'),
    durosStorageEncryption: z
      .boolean()
      .optional()
      .meta(described('Whether the storage classes of Duros that encrypt are offered.', { default: 'false' })),
    clusterAudit: ineffective('auditing is an extension of its own'),
    auditToSplunk: ineffective('auditing is an extension of its own'),
    disableCsiLvm: z
      .boolean()
      .optional()
      .meta(described('Whether csi-lvm (volumes on the disks of a node) is left out.', { default: 'false' })),
  });

const NETWORK_ACCESS_TYPES = ['baseline', 'restricted', 'forbidden'] as const;

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      ...typeMeta('ControlPlaneConfig'),
      cloudControllerManager: declareCloudControllerManager(object)
        .optional()
        .meta(described('Settings of metal-ccm, which manages nodes, routes and load balancers.')),
      featureGates: declareFeatureGates(object)
        .optional()
        .meta(described('What is switched on and off for the cluster.')),
      customDefaultStorageClass: object({
        className: z
          .string()
          .optional()
          .meta(described('Name of the class to be the default. Empty: none of metal’s.', { default: 'empty' })),
      })
        .optional()
        .meta(described('Another default storage class than metal’s.', { default: 'csi-lvm is the default class' })),
      networkAccessType: z
        .string()
        .optional()
        .meta(
          described(
            'How far the cluster is cut off: `baseline` reaches the internet, `restricted` only what is allowed, `forbidden` nothing but the allowed networks of the partition.',
            {
              default: 'baseline',
              values: NETWORK_ACCESS_TYPES,
              rules: 'All but `baseline` need `networkIsolation` of the partition in the CloudProfile. Immutable.',
            },
          ),
        ),
    }),
  );

/** Shoot.spec.provider.controlPlaneConfig, as controllers read it. */
export const controlPlaneConfig = declare(tolerant);
/** The same, refusing unknown fields. */
export const strictControlPlaneConfig = declare(strict);

export type ControlPlaneConfig = z.infer<typeof controlPlaneConfig>;
