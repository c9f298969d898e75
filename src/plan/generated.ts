import type { Secret } from '../kube/secret.ts';
import { secretChecksum } from '../providers/secrets.ts';
import type { PlannedObject } from './objects.ts';

/** Texts that a plan must not show, and what stands in their place. */
export type Replacements = readonly (readonly [text: string, placeholder: string])[];

/**
 * Keys and certificates are made anew in every plan, and with them their names and checksums: without those two plans of
 * the same would differ.
 */
export function generatedTexts(objects: readonly PlannedObject[]): Replacements {
  return objects.flatMap(({ before, after, via }) => {
    const isMade = after?.kind === 'Secret' && !before && !via && after.metadata.labels?.['managed-by'];
    return isMade ? textsOf(after) : [];
  });
}

function textsOf({ metadata, data = {} }: Secret): [string, string][] {
  const { name, labels } = metadata;
  const values = Object.values(data).flatMap((value) => [value, Buffer.from(value, 'base64').toString('utf8')]);
  const times = [labels?.['checksum-of-config'], labels?.['checksum-of-signing-ca']].filter(isLong);
  return [
    [name, name.replace(/-[0-9a-f]{8}(-[0-9a-f]{5})?$/, '-generated')],
    [secretChecksum(data), '<generated>'],
    ...values.filter(isLong).map((value): [string, string] => [value, '<generated>']),
    ...times.map((text): [string, string] => [text, 'generated']),
  ];
}

/** Of the credentials of metal-api: both as they are and as they stand in a Secret. */
export function credentialTexts(data: Secret['data'] = {}): Replacements {
  const keys = Object.entries(data).filter(([key]) => /^metalAPI(HMac|Key)$/.test(key));
  return keys
    .flatMap(([, value]) => [value, Buffer.from(value, 'base64').toString('utf8')])
    .filter(isLong)
    .map((text) => [text, '<secret>']);
}

/** What is shorter may stand anywhere by chance. */
const isLong = (text: string | undefined): text is string => text !== undefined && text.length > 4;
