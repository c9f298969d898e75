import * as z from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';
import { described, type FieldFacts } from './described.ts';
import { METAL_CONFIG_API_VERSION } from './group.ts';

const text = (meaning: string, facts?: FieldFacts) => z.string().optional().meta(described(meaning, facts));
const whole = (meaning: string, facts?: FieldFacts) => z.int().optional().meta(described(meaning, facts));
const toggle = (meaning: string) =>
  z
    .boolean()
    .optional()
    .meta(described(meaning, { default: 'false' }));

const declareStorageClass = (object: ObjectOf) =>
  object({
    name: text('Name of the StorageClass.'),
    replicaCount: whole('Copies that the storage keeps of a volume.', { default: '0' }),
    compression: toggle('Whether the storage compresses.'),
    encryption: toggle('Whether the storage encrypts; only for Shoots with the feature gate `durosStorageEncryption`.'),
  });

const declarePartitionStorage = (object: ObjectOf) =>
  object({
    endpoints: z
      .array(z.string())
      .optional()
      .meta(
        described('Addresses of the storage in the partition.', {
          required: true,
          rules: 'At least one; each `<ip>:<port>`.',
        }),
      ),
    adminKey: text('Key of an administrator of the storage. Secret.', { required: true }),
    adminToken: text('Token of an administrator of the storage. Secret.', { required: true }),
    storageClasses: z
      .array(declareStorageClass(object))
      .optional()
      .meta(described('StorageClasses of Shoots that reach the storage.', { default: 'none' })),
    apiEndpoint: text('Where the API of the storage is.', { required: true, rules: '`<host>:<port>`.' }),
    apiCA: text('Authority of that API, PEM.'),
    apiCert: text('Client certificate for that API, PEM; only together with `apiKey`.'),
    apiKey: text('Its key, PEM. Secret.'),
  });

const declareDuros = (object: ObjectOf) =>
  object({
    enabled: toggle('Whether Duros is used at all.'),
    partitionConfig: z
      .record(z.string(), declarePartitionStorage(object).meta(described('The storage of a partition.')))
      .optional()
      .meta(described('Storages, by the ids of their partitions.', { default: 'none' })),
  });

const declareEtcdStorage = (object: ObjectOf) =>
  object({
    className: text('StorageClass of the volumes of `etcd-main`, in new Shoots.', {
      default: 'as gardenlet sets it',
    }),
    capacity: z
      .union([z.string(), z.number()])
      .optional()
      .meta(
        described('Size of the volumes of `etcd-main`, in new Shoots.', {
          default: '`16Gi`',
          rules: 'A Kubernetes quantity.',
        }),
      ),
  });

const declareEtcd = (object: ObjectOf) =>
  object({
    storage: declareEtcdStorage(object).optional().meta(described('Volumes.')),
    backup: object({
      schedule: text('When full snapshots of `etcd-main` are taken.', {
        default: 'as gardenlet sets it',
        rules: 'In the format of cron.',
      }),
      deltaSnapshotPeriod: text('How often delta snapshots of `etcd-main` are taken.', {
        default: 'as gardenlet sets it',
        rules: 'A Go duration.',
      }),
    })
      .optional()
      .meta(described('Backups.')),
    isEvictionAllowed: toggle('Whether csi-driver-lvm may move the volumes of both etcds to another node.'),
  });

const declareClientConnection = (object: ObjectOf) =>
  object({
    kubeconfig: text('Path of a kubeconfig of the seed, when there is no `--kubeconfig`.'),
    acceptContentTypes: text('Without effect (JSON is spoken).'),
    contentType: text('Without effect (JSON is spoken).'),
    qps: z
      .number()
      .optional()
      .meta(described('Calls per second to the API server of the seed; 0 for no limit.', { default: 'no limit' })),
    burst: whole('Calls that may be made at once.', { default: '`qps`, rounded up' }),
  });

const declareMachineImage = (object: ObjectOf) =>
  object({
    name: text('Name of the image in the CloudProfile.', { required: true }),
    version: text('Version of the image in the CloudProfile.', { required: true }),
    image: text('Id of the image at metal-api.', { required: true }),
  });

const declareHealthCheckConfig = (object: ObjectOf) =>
  object({
    syncPeriod: text('How often each object is looked at, besides when something changes.', {
      default: '30s',
      rules: 'A Go duration of at least a second.',
    }),
    shootRESTOptions: object({
      qps: z
        .number()
        .optional()
        .meta(described('Calls per second to each shoot; 0 for no limit.', { default: 'no limit' })),
      burst: whole('Calls that may be made at once.', { default: '`qps`, rounded up' }),
      timeout: text('Longest time of a call.', {
        default: 'half of `syncPeriod`, at most 10s',
        rules: 'A Go duration of at least a second.',
      }),
    })
      .optional()
      .meta(described('Calls to the API servers of shoots.')),
  });

const declareNetworkPolicies = (object: ObjectOf) =>
  object({
    ingressController: object({
      namespace: text('Its namespace.', { default: 'no policy' }),
      podSelector: z
        .record(z.string(), z.string())
        .optional()
        .meta(described('Labels of its pods.', { default: 'every pod of the namespace' })),
    })
      .optional()
      .meta(described('An ingress controller of the seed that pods of control planes may reach, at ports 80 and 443.')),
  });

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      apiVersion: z
        .literal(METAL_CONFIG_API_VERSION)
        .optional()
        .meta(described('API group and version.', { values: [METAL_CONFIG_API_VERSION] })),
      kind: z
        .literal('ControllerConfiguration')
        .optional()
        .meta(described('Kind of the configuration.', { values: ['ControllerConfiguration'] })),
      clientConnection: declareClientConnection(object)
        .optional()
        .meta(described('Connection to the API server of the seed.')),
      machineImages: z
        .array(declareMachineImage(object))
        .optional()
        .meta(described('Which image at metal-api a machine image of a CloudProfile is.', { default: 'none' })),
      firewallInternalPrefixes: z
        .array(z.string())
        .optional()
        .meta(described('Networks whose traffic firewalls count as internal.', { default: 'none', rules: 'CIDRs.' })),
      etcd: declareEtcd(object).optional().meta(described('The etcds of Shoots; used by the webhook `seedprovider`.')),
      healthCheckConfig: declareHealthCheckConfig(object)
        .optional()
        .meta(described('Health checks of ControlPlanes and Workers.')),
      storage: object({
        duros: declareDuros(object)
          .optional()
          .meta(described('Duros (Lightbits), a storage that metal-stack supports.')),
      })
        .optional()
        .meta(described('Storage besides the disks of the nodes.')),
      imagePullPolicy: text('Pull policy of the containers that ControlPlanes bring to seed and shoots.', {
        default: '`IfNotPresent`, also for any other value',
        rules: '`Always`, `IfNotPresent` or `Never`.',
      }),
      imagePullSecret: object({ encodedDockerConfigJSON: text('Without effect.') })
        .optional()
        .meta(described('Without effect (nothing refers to it).')),
      networkPolicies: declareNetworkPolicies(object)
        .optional()
        .meta(described('Network policies of control-plane namespaces.')),
    }),
  );

/** The file that `--config-file` names. An empty file is an empty configuration. */
const controllerConfiguration = declare(tolerant);
export const strictControllerConfiguration = declare(strict);

export type ControllerConfiguration = z.infer<typeof controllerConfiguration>;

export interface DecodedConfiguration {
  readonly config: ControllerConfiguration;
  /** Paths of fields that are not known and therefore have no effect, e.g. `machineImages[0].imageID`. */
  readonly unknownFields: readonly string[];
}

/**
 * Reads the parsed file. Unknown fields do not stop the start, as with the Go extension; the caller warns about them.
 * Throws ZodError when a known field has a wrong type, or the file is of another kind.
 */
export function decodeControllerConfiguration(file: unknown): DecodedConfiguration {
  const value = file ?? {};
  const config = controllerConfiguration.parse(value);
  const result = strictControllerConfiguration.safeParse(value);
  const unknownFields = (result.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => pathOf([...issue.path, key])) : [],
  );
  return { config, unknownFields };
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
