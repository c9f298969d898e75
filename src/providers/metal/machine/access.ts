import { OperationError } from '../../errors.ts';
import { MachineError, type MachineRequest } from '../../machine.ts';
import { credentialsOf } from '../credentials.ts';
import type { MetalApi } from '../metal-api/client.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';

const CREDENTIALS = ['metalAPIHMac', 'metalAPIKey'] as const;

/** Credentials may have changed from one kind to the other, which the class's Secret has not heard of yet. */
export function secretOf(
  own: MachineRequest['secret'],
  credentials: MachineRequest['secret'],
): MachineRequest['secret'] {
  const haveOne = CREDENTIALS.some((field) => field in credentials);
  const rest = Object.entries(own).filter(
    ([field]) => !(haveOne && (CREDENTIALS as readonly string[]).includes(field)),
  );
  return { ...Object.fromEntries(rest), ...credentials };
}

/** The metal-api that the MachineClass's Secret names. Throws InvalidArgument when the Secret is not fit for it. */
export function metalApiOf(secret: MachineRequest['secret'], metalApis: MetalApiRegistry): MetalApi {
  const url = secret.metalAPIURL?.toString('utf8').trim() ?? '';
  if (!url) throw new MachineError('InvalidArgument', 'secret metalAPIURL is required field');
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new MachineError('InvalidArgument', 'secret metalAPIURL is not the http(s) URL of a metal-api');
  }
  const data = Object.fromEntries(CREDENTIALS.map((field) => [field, secret[field]?.toString('base64') ?? '']));
  try {
    return metalApis.client(url, credentialsOf({ metadata: { name: '' }, data }, 'of the MachineClass'));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw new MachineError('InvalidArgument', error.message);
  }
}
