import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { applicationValues, runtimeValues } from './admission-values.ts';
import { controllersValues } from './controllers-values.ts';

const admission = 'charts/gardener-extension-admission-metal/charts';

/** Every values.schema.json: its path from the root of the repository, and its text. */
export function valuesSchemas(): Map<string, string> {
  const schemas = {
    'charts/gardener-extension-provider-metal': controllersValues(),
    [`${admission}/runtime`]: runtimeValues(),
    [`${admission}/application`]: applicationValues(),
  };
  return new Map(
    Object.entries(schemas).map(([dir, schema]) => [
      `${dir}/values.schema.json`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  );
}

if (import.meta.main) {
  for (const [path, text] of valuesSchemas()) {
    await writeFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), text);
  }
}
