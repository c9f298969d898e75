import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, sleep } from '../../kube/clock.ts';
import { toError } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import type { KeyPair } from '../../pki/issue.ts';
import { readPair } from '../../pki/issued.ts';
import type { Certificates } from './certificates.ts';

export interface CertificateFilesOptions {
  /** Has tls.crt, tls.key and perhaps ca.crt. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Pause between two looks at the files, in milliseconds; 10,000. */
  readonly pollMs?: number | undefined;
}

/** Certificates that someone else makes, e.g. cert-manager, mounted as files. */
export function createCertificateFiles(options: CertificateFilesOptions): Certificates {
  const { directory, clock, log, pollMs = 10_000 } = options;
  let served: KeyPair | undefined;
  let bundle: string | undefined;

  const read = async (): Promise<KeyPair> => {
    const pair = await readCertificateFiles(directory);
    if (!readPair(pair)) throw new Error(`${directory}: tls.key is not the key of tls.crt`);
    bundle = await readFile(join(directory, 'ca.crt'), 'utf8').catch(() => undefined);
    return pair;
  };
  const isNew = (pair: KeyPair) => pair.cert !== served?.cert || pair.key !== served.key;

  return {
    get bundle() {
      return bundle;
    },
    async open(signal) {
      for (;;) {
        try {
          served = await read();
          return served;
        } catch (error) {
          signal.throwIfAborted();
          log.warn({ error: toError(error) }, 'No certificate yet');
          await sleep(clock, pollMs / 10, signal);
        }
      }
    },
    async watch(onChange, signal) {
      while (!signal.aborted) {
        try {
          await sleep(clock, pollMs, signal);
          const pair = await read();
          if (!isNew(pair)) continue;
          served = pair;
          onChange(pair);
        } catch (error) {
          // Files are replaced one after the other: soon they fit.
          if (!signal.aborted) log.warn({ error: toError(error) }, 'Certificate files could not be read');
        }
      }
    },
    maintain: (publish, signal) => publish(bundle, signal),
  };
}

async function readCertificateFiles(directory: string): Promise<KeyPair> {
  const [cert, key] = await Promise.all(['tls.crt', 'tls.key'].map((name) => readFile(join(directory, name), 'utf8')));
  return { cert: cert ?? '', key: key ?? '' };
}
