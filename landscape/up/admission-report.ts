import { readExample } from '../garden/manifests.ts';
import { type DefaultedField, defaultsOf } from './defaults.ts';
import { type KubectlOptions, kubectl } from './kubectl.ts';

/** What admission did to the example, and to a Shoot that is wrong. */
export interface AdmissionOutcome {
  /** What the example did not say and got. */
  readonly defaults: readonly DefaultedField[];
  readonly refused: {
    /** File in example/. */
    readonly file: string;
    /** False when it was accepted, which it should not be. */
    readonly refused: boolean;
    /** What kubectl said. */
    readonly message: string;
  };
}

export const refusedExample = 'shoot-refused.yaml';

/** `stored` is the example's Shoot after it has been applied; `path` is that of example/shoot-refused.yaml. */
export async function askAdmission(options: KubectlOptions, stored: unknown, path: string): Promise<AdmissionOutcome> {
  const [[applied], answer] = await Promise.all([readExample('shoot.yaml'), kubectl(options, ['apply', '-f', path])]);
  return {
    defaults: defaultsOf(applied, stored),
    refused: {
      file: refusedExample,
      refused: answer.code !== 0,
      message: (answer.stderr + answer.stdout).trim(),
    },
  };
}

export function admissionText({ defaults, refused }: AdmissionOutcome): string {
  const filled = defaults.map(({ path, value }) => `  ${path} = ${JSON.stringify(value)}`);
  const title = refused.refused ? `kubectl apply -f ${refused.file} is refused:` : `${refused.file} was accepted:`;
  return [
    'Admission has filled in',
    ...(filled.length > 0 ? filled : ['  nothing']),
    '',
    title,
    refused.message.replace(/^/gm, '  '),
  ].join('\n');
}
