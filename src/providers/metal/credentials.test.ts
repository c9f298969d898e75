import { expect, test } from 'vitest';
import { credentialsOf } from './credentials.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const secret = (data: Record<string, string> | null | undefined) => ({
  metadata: { name: 'cloudprovider' },
  ...(data === undefined ? {} : { data }),
});

test.each([
  [{ metalAPIHMac: base64('key\n') }, { hmac: 'key\n' }],
  [{ metalAPIKey: base64('token') }, { token: 'token' }],
  [{ metalAPIHMac: base64('key'), metalAPIKey: '' }, { hmac: 'key' }],
])('credentials %#', (data, expected) => {
  expect(credentialsOf(secret(data), 'ns/cloudprovider')).toEqual(expected);
});

test.each([
  [undefined, /must be set$/],
  [null, /must be set$/],
  [{ metalAPIURL: base64('http://x') }, /must be set$/],
  [{ metalAPIHMac: base64('secret'), metalAPIKey: base64('secret') }, /not both$/],
  [{ metalAPIKey: base64('secret\n') }, /line ends/],
])('what cannot be used is a configuration problem that names the Secret, not its content (%#)', (data, message) => {
  const act = () => credentialsOf(secret(data), 'ns/cloudprovider');
  expect(act).toThrow(expect.objectContaining({ codes: ['ERR_CONFIGURATION_PROBLEM'] }));
  expect(act).toThrow(message);
  expect(act).toThrow(/^Secret ns\/cloudprovider/);
  expect(act).not.toThrow(/secret\b/);
});
