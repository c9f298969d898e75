import * as z from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';
import { METAL_CONFIG_API_VERSION } from './group.ts';

const declareDuros = (object: ObjectOf) =>
  object({
    enabled: z.boolean().optional(),
    /** By partition id. */
    partitionConfig: z
      .record(
        z.string(),
        object({
          /** `ip:port` each. */
          endpoints: z.array(z.string()).optional(),
          adminKey: z.string().optional(),
          adminToken: z.string().optional(),
          storageClasses: z
            .array(
              object({
                name: z.string().optional(),
                replicaCount: z.int().optional(),
                compression: z.boolean().optional(),
                encryption: z.boolean().optional(),
              }),
            )
            .optional(),
          apiEndpoint: z.string().optional(),
          apiCA: z.string().optional(),
          apiCert: z.string().optional(),
          apiKey: z.string().optional(),
        }),
      )
      .optional(),
  });

const declareEtcd = (object: ObjectOf) =>
  object({
    storage: object({
      className: z.string().optional(),
      /** A Kubernetes quantity. */
      capacity: z.union([z.string(), z.number()]).optional(),
    }).optional(),
    backup: object({
      /** Cron format. */
      schedule: z.string().optional(),
      /** A Go duration. */
      deltaSnapshotPeriod: z.string().optional(),
    }).optional(),
    isEvictionAllowed: z.boolean().optional(),
  });

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      apiVersion: z.literal(METAL_CONFIG_API_VERSION).optional(),
      kind: z.literal('ControllerConfiguration').optional(),
      clientConnection: object({
        kubeconfig: z.string().optional(),
        acceptContentTypes: z.string().optional(),
        contentType: z.string().optional(),
        qps: z.number().optional(),
        burst: z.int().optional(),
      }).optional(),
      machineImages: z
        .array(object({ name: z.string().optional(), version: z.string().optional(), image: z.string().optional() }))
        .optional(),
      firewallInternalPrefixes: z.array(z.string()).optional(),
      etcd: declareEtcd(object).optional(),
      healthCheckConfig: object({
        /** A Go duration. */
        syncPeriod: z.string().optional(),
        shootRESTOptions: object({
          qps: z.number().optional(),
          burst: z.int().optional(),
          timeout: z.string().optional(),
        }).optional(),
      }).optional(),
      storage: object({ duros: declareDuros(object).optional() }).optional(),
      imagePullPolicy: z.string().optional(),
      imagePullSecret: object({ encodedDockerConfigJSON: z.string().optional() }).optional(),
      networkPolicies: object({
        ingressController: object({
          namespace: z.string().optional(),
          podSelector: z.record(z.string(), z.string()).optional(),
        }).optional(),
      }).optional(),
    }),
  );

/** The file that `--config-file` names. An empty file is an empty configuration. */
const controllerConfiguration = declare(tolerant);
const strictControllerConfiguration = declare(strict);

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
