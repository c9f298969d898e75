import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import * as z from 'zod';
import { toError } from '../kube/errors.ts';
import { yamlProblem } from '../kube/yaml-problem.ts';
import { UsageError } from './flags.ts';

/**
 * Reads a YAML or JSON file and decodes it. Throws UsageError that names the file, and the line or field that is wrong.
 * `decode` throws ZodError for what it cannot read.
 */
export async function readConfigFile<T>(path: string, decode: (value: unknown) => T): Promise<T> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`config file cannot be read: ${toError(error).message}`);
  });
  let value: unknown;
  try {
    value = content.trim() === '' ? undefined : load(content);
  } catch (error) {
    throw new UsageError(`config file ${path} is not YAML: ${yamlProblem(error)}`);
  }
  try {
    return decode(value);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map((issue) => `  ${issue.path.join('.') || 'file'}: ${issue.message}`);
    throw new UsageError(`config file ${path} is not a ControllerConfiguration:\n${problems.join('\n')}`);
  }
}
