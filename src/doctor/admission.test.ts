import { beforeAll, describe, expect, test } from 'vitest';
import { issueAuthority, issueServer, type KeyPair } from '../pki/issue.ts';
import { type AdmissionFacts, type AdmissionWebhook, admissionFindings } from './admission.ts';
import { day, now } from './fixtures.ts';

let authority: KeyPair;
let follower: KeyPair;
let dying: KeyPair;
let dead: KeyPair;
let served: string;

beforeAll(async () => {
  const issue = (until: number) => issueAuthority('ca', { from: now - 40 * day, until: now + until * day });
  [authority, follower, dying, dead] = await Promise.all([issue(20), issue(29), issue(3), issue(-1)]);
  const subject = { commonName: 'admission', hosts: ['admission.x.svc'] };
  served = (await issueServer(authority, subject, { from: now - day, until: now + 9 * day })).cert;
});

const facts = (webhook: Partial<AdmissionWebhook>, fields: Partial<AdmissionFacts> = {}): AdmissionFacts => ({
  webhooks: [
    {
      ...{ configuration: 'ValidatingWebhookConfiguration a', failurePolicy: 'Fail', target: 'Service x/admission' },
      ...{ bundle: authority.cert, ...webhook },
    },
  ],
  ...{ missing: [], served: undefined, certificates: [], targets: [], unanswered: [], ...fields },
});
const found = (given: AdmissionFacts) =>
  admissionFindings(given, now).map(({ severity, kind }) => `${severity} ${kind}`);

describe('a bundle', () => {
  test.each<[string, () => AdmissionFacts, string[]]>([
    ['that is good', () => facts({}), []],
    ['of what is served', () => facts({}, { served }), []],
    ['of an old and a new authority', () => facts({ bundle: dead.cert + authority.cert }, { served }), []],
    ['with another authority', () => facts({ bundle: follower.cert }, { served }), ['error AdmissionNotTrusted']],
    ['that has expired', () => facts({ bundle: dead.cert }), ['error AdmissionBundleExpired']],
    ['that expires', () => facts({ bundle: dying.cert }), ['warning AdmissionBundleExpires']],
    ['that nobody can read', () => facts({ bundle: 'rubbish' }), ['error AdmissionBundleInvalid']],
    [
      'with rubbish in it',
      () => facts({ bundle: `${authority.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----` }),
      ['error AdmissionBundleInvalid'],
    ],
    ['that is not there', () => facts({ bundle: '' }), ['error AdmissionBundleInvalid']],
    ['that a URL does not need', () => facts({ bundle: '', target: 'https://admission.example.com/' }), []],
  ])('%s', (_, given, expected) => expect(found(given())).toEqual(expected));
});

test.each<[string, Partial<AdmissionFacts>, string[]]>([
  ['a configuration that is not there', { missing: ['MutatingWebhookConfiguration a'] }, ['warning AdmissionMissing']],
  ['nobody behind the Service', { unanswered: ['x/admission'] }, ['error AdmissionUnanswered']],
  [
    'no Service',
    { targets: [{ configuration: 'c', service: 'x/admission', exists: false }] },
    ['error WebhookWithoutService'],
  ],
])('%s', (_, fields, expected) => expect(found(facts({}, fields))).toEqual(expected));

test('webhooks that do not have to be answered are told of once', () => {
  const { webhooks, ...rest } = facts({ failurePolicy: 'Ignore' });
  expect(found({ ...rest, webhooks: [...webhooks, ...webhooks] })).toEqual(['warning AdmissionNotRequired']);
});
