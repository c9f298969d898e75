import { Ajv2020 } from 'ajv/dist/2020.js';
import { dump, loadAll } from 'js-yaml';
import { editorSchema } from '../../../hack/docs/schema.ts';
import { kinds } from '../../../hack/generate-docs.ts';
import { readExample } from '../../../landscape/garden/manifests.ts';

/** How a block of YAML is tried: by a schema, or by a shell command that is to succeed with `block.yaml`. */
export interface Trial {
  /** What is written into `block.yaml`. */
  readonly text: string;
  readonly command: string;
  /** Must be printed. */
  readonly prints?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of many kinds
type Document = Record<string, any>;

const dryRun = 'kubectl apply --server-side --dry-run=server --validate=strict -f block.yaml';
const plan = 'espalier plan -f example/shoot.yaml example/cloudprofile.yaml';

/** By what a document is of, or has on top. A document that none fits has no rule. */
const rules: readonly [
  (document: Document) => boolean,
  (document: Document, text: string) => Trial | Promise<Trial>,
][] = [
  [({ kind }) => kind === 'MetalApiState', (_, text) => ({ text, command: `${plan} block.yaml` })],
  [
    ({ metadata }) => metadata !== undefined,
    (_, text) => ({ text, command: [...namespacesIn(text), dryRun].join(' && ') }),
  ],
  [
    (document) => ['infrastructureConfig', 'controlPlaneConfig', 'workers'].some((part) => part in document),
    async (document) => ({ text: dump(await shootWith(document)), command: dryRun }),
  ],
  [
    ({ images }) => images !== undefined,
    ({ images }, text) => ({
      ...{ text, command: `IMAGEVECTOR_OVERWRITE=block.yaml ${plan}` },
      prints: `${images[0].repository}:${images[0].tag}`,
    }),
  ],
  [
    ({ imageVectorOverwrite }) => imageVectorOverwrite !== undefined,
    (_, text) => ({
      ...{ text, command: 'helm template x charts/gardener-extension-provider-metal -f block.yaml' },
      prints: 'IMAGEVECTOR_OVERWRITE',
    }),
  ],
  [({ env }) => env !== undefined, ({ env }) => ({ text: dump(podWith(env)), command: dryRun })],
];

/** Undefined when there is no rule. */
export function trialOf(text: string): Trial | Promise<Trial> | undefined {
  const [document] = loadAll(text) as [Document];
  const [, trial] = rules.find(([fits]) => fits(document)) ?? [];
  return trial?.(document, text);
}

/** What the schema of a provider config says against it; undefined when it is none. */
export function faultsOf(text: string): string | undefined {
  const [document] = loadAll(text) as [Document];
  const kind = kinds.find(({ name }) => name === document.kind);
  if (!kind) return undefined;
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  return ajv.validate(editorSchema(kind.schema, kind.name), document) ? '' : ajv.errorsText();
}

const namespacesIn = (text: string): string[] =>
  (loadAll(text) as Document[])
    .flatMap(({ metadata }) => metadata.namespace ?? [])
    .map((namespace) => `(kubectl get namespace ${namespace} || kubectl create namespace ${namespace})`);

/** The example, with other words for a part of its provider. */
async function shootWith(part: Document): Promise<Document> {
  const [example] = await readExample('shoot.yaml');
  const { spec, ...shoot } = structuredClone(example) as Document;
  return {
    ...shoot,
    metadata: { ...shoot.metadata, name: 'part' },
    spec: { ...spec, provider: { ...spec.provider, ...part } },
  };
}

const podWith = (env: unknown): Document => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name: 'part' },
  spec: { containers: [{ name: 'part', image: 'example.org/part', env }] },
});
