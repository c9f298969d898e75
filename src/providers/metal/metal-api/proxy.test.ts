import { expect, test } from 'vitest';
import { proxyFor } from './proxy.ts';

const proxy = 'http://proxy:3128';

test.each([
  ['https://metal.example.org', { HTTPS_PROXY: proxy }, proxy],
  ['https://metal.example.org', { https_proxy: proxy, HTTPS_PROXY: 'http://other' }, proxy],
  ['https://metal.example.org', { HTTPS_PROXY: 'proxy:3128' }, proxy],
  ['https://metal.example.org', { HTTP_PROXY: proxy }, undefined],
  ['http://metal.example.org', { HTTP_PROXY: proxy }, proxy],
  ['http://metal.example.org', { HTTP_PROXY: '' }, undefined],
])('%s with %j', (url, env, expected) => {
  expect(proxyFor(new URL(url), env)).toBe(expected);
});

test.each([
  ['http://localhost:8080', ''],
  ['http://127.0.0.1', ''],
  ['http://127.1.2.3', ''],
  ['http://[::1]:80', ''],
  ['http://a.b', '*'],
  ['http://a.b', 'A.b'],
  ['http://c.a.b', 'x, a.b'],
  ['http://c.a.b', '.a.b'],
  ['http://c.a.b', '*.a.b'],
  ['http://a.b:8080', 'a.b:8080'],
  ['http://a.b', 'a.b:80'],
  ['https://a.b', 'a.b:443'],
  ['http://10.1.2.3', '10.0.0.0/8'],
  ['http://10.1.2.3', '10.1.2.3'],
  ['http://[2001:db8::1]', '2001:db8::/32'],
  ['http://[2001:db8::1]:8080', '[2001:db8::1]:8080'],
  ['http://[2001:db8::1]', '2001:db8::1'],
])('%s goes directly with NO_PROXY=%s', (url, noProxy) => {
  expect(proxyFor(new URL(url), { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toBeUndefined();
});

test.each([
  ['http://a.b', '.a.b'],
  ['http://xa.b', 'a.b'],
  ['http://a.b', 'a.b:8080'],
  ['http://a.b', ','],
  ['http://10.1.2.3', '11.0.0.0/8'],
  ['http://10.1.2.3', '10.0.0.0/99'],
  ['http://10.1.2.3', '10.0.0.0/x'],
  ['http://[2001:db8::1]', '10.0.0.0/8'],
  ['http://localhost.example.org', ''],
])('%s goes through the proxy with NO_PROXY=%s', (url, noProxy) => {
  expect(proxyFor(new URL(url), { HTTP_PROXY: proxy, NO_PROXY: noProxy })).toBe(proxy);
});
