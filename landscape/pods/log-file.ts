import { join } from 'node:path';

interface ContainerOf {
  readonly namespace: string;
  /** Of the Deployment. */
  readonly name: string;
  readonly container: string;
}

/** Where the output of a Deployment's container is, whichever pod it is of. */
export function logFileOf(dir: string, { namespace, name, container }: ContainerOf): string {
  const names = [namespace, name, ...(container === name ? [] : [container])];
  return join(dir, 'logs', `${names.join('-')}.log`);
}
