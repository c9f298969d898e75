import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import type { ZodType } from 'zod';
import { strictCloudProfileConfig } from '../src/apis/metal/cloud-profile-config.ts';
import { strictControlPlaneConfig } from '../src/apis/metal/control-plane-config.ts';
import { strictControllerConfiguration } from '../src/apis/metal/controller-configuration.ts';
import { strictInfrastructureConfig } from '../src/apis/metal/infrastructure-config.ts';
import {
  cloudProfileConfigExample,
  controllerConfigurationExample,
  controlPlaneConfigExample,
  infrastructureConfigExample,
} from './docs/provider-config-examples.ts';
import { describedSchema, editorSchema } from './docs/schema.ts';
import { fieldTable } from './docs/table.ts';

interface Kind {
  readonly name: string;
  /** Of its JSON Schema, without extension. */
  readonly file: string;
  readonly where: string;
  readonly schema: ZodType;
  readonly example: object;
}

export const kinds: readonly Kind[] = [
  {
    name: 'InfrastructureConfig',
    file: 'infrastructure-config',
    where: '`spec.provider.infrastructureConfig` of a Shoot. What comes of it: [infrastructure.md](infrastructure.md).',
    schema: strictInfrastructureConfig,
    example: infrastructureConfigExample,
  },
  {
    name: 'ControlPlaneConfig',
    file: 'control-plane-config',
    where: '`spec.provider.controlPlaneConfig` of a Shoot. What comes of it: [control-plane.md](control-plane.md).',
    schema: strictControlPlaneConfig,
    example: controlPlaneConfigExample,
  },
  {
    name: 'CloudProfileConfig',
    file: 'cloud-profile-config',
    where: '`spec.providerConfig` of a CloudProfile. Written by the operator.',
    schema: strictCloudProfileConfig,
    example: cloudProfileConfigExample,
  },
  {
    name: 'ControllerConfiguration',
    file: 'controller-configuration',
    where:
      'The file that `--config-file` of `espalier controllers` names. Written by the operator. How it is used: ' +
      '[operations/controllers.md](../operations/controllers.md#config-file).',
    schema: strictControllerConfiguration,
    example: controllerConfigurationExample,
  },
];

const introduction = `<!-- Made by \`make generate\` from src/apis/metal; change it there. -->
# Provider configurations of metal

Every field of what stands in Shoots and CloudProfiles of type \`metal\`, and in the config file of the controllers. Admission refuses unknown
fields in the former, checks the rules, and sets the defaults of \`InfrastructureConfig\` that come from the CloudProfile.

Each kind has a JSON Schema in [schemas/](schemas). An editor with yaml-language-server uses it for a file that holds only the configuration and
begins with

    # yaml-language-server: $schema=<path to>/docs/usage/schemas/infrastructure-config.json
`;

const section = ({ name, file, where, schema, example }: Kind): string => `
## ${name}

${where} JSON Schema: [${file}.json](schemas/${file}.json)

${fieldTable(describedSchema(schema))}

\`\`\`yaml
${dump(example).trimEnd()}
\`\`\`
`;

/** Every generated file: its path from the root of the repository, and its text. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  files.set('docs/usage/provider-configs.md', introduction + kinds.map(section).join(''));
  for (const { name, file, schema } of kinds) {
    files.set(`docs/usage/schemas/${file}.json`, `${JSON.stringify(editorSchema(schema, name), null, 2)}\n`);
  }
  return files;
}

if (import.meta.main) {
  for (const [path, text] of generatedFiles()) {
    const target = fileURLToPath(new URL(`../${path}`, import.meta.url));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}
