/** How `make up` was asked to behave. */
export interface Settings {
  /** Stop everything and exit when the example is ready, or when it cannot be. */
  readonly once: boolean;
  /** One JSON document on stdout instead of a table on stderr. */
  readonly json: boolean;
  /** How long the example may take to become ready, in milliseconds. */
  readonly timeoutMs: number;
}

const off: readonly string[] = ['', '0', 'false', 'no'];

/** @throws for values that mean nothing, with what is allowed */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const output = env.OUTPUT ?? '';
  if (!['', 'text', 'json'].includes(output)) throw new Error(`OUTPUT is "${output}"; allowed are text and json`);
  const seconds = Number(env.TIMEOUT ?? 180);
  if (!(seconds > 0)) throw new Error(`TIMEOUT is "${env.TIMEOUT}"; it is a number of seconds, e.g. 180`);
  return { once: !off.includes((env.ONCE ?? '').toLowerCase()), json: output === 'json', timeoutMs: seconds * 1000 };
}
