import * as z from 'zod';
import { MachineError } from '../../machine.ts';
import { CLUSTER_ID } from '../tags.ts';

const required = (field: string) => z.string(`${field} is required field`).min(1, `${field} is required field`);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** MachineClass.providerSpec (metal-components E.2). What is unknown is passed over: a newer Worker may have written it. */
const schema = z.object({
  image: required('image'),
  /** Id of the private network of the nodes. */
  network: required('network'),
  partition: required('partition'),
  project: required('project'),
  size: required('size'),
  tags: list(z.string()),
  sshKeys: list(z.string()),
  dnsServers: list(z.object({ ip: z.string() })),
  ntpServers: list(z.object({ address: z.string() })),
});

export interface ProviderSpec extends z.output<typeof schema> {
  readonly clusterID: string;
}

/** Throws InvalidArgument with every fault. */
export function providerSpecOf(value: unknown): ProviderSpec {
  const { success, data, error } = schema.safeParse(value);
  if (!success) {
    const faults = error.issues.map(({ path, message }) =>
      message.endsWith('is required field') ? message : `${path.join('.') || '(root)'}: ${message}`,
    );
    throw new MachineError('InvalidArgument', `error while validating ProviderSpec [${faults.join(', ')}]`);
  }
  return { ...data, clusterID: clusterIDIn(data.tags) };
}

/** Two clusters in the tags of one machine would each take it for a part of the other. */
function clusterIDIn(tags: readonly string[]): string {
  const prefix = `${CLUSTER_ID}=`;
  const ids = new Set(tags.filter((tag) => tag.startsWith(prefix)).map((tag) => tag.slice(prefix.length)));
  const [id, ...others] = ids;
  if (id && others.length === 0) return id;
  const fault = id ? 'names several clusters' : 'did not contain metal-stack cluster tag';
  throw new MachineError('InvalidArgument', `provider spec ${fault}: tags must have ${prefix}<id> once`);
}
