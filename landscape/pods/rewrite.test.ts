import { expect, test } from 'vitest';
import { rewriter } from './rewrite.ts';

const rewrite = rewriter({
  paths: { '/certs': '/tmp/pod/certs', '/token': '/tmp/pod/token', '/token/deep': '/tmp/pod/deep' },
  origins: { 'https://kube-apiserver': 'https://127.0.0.1:6443' },
  kubeconfig: '/tmp/pod/kubeconfig',
});

test.each([
  ['a flag', '-cert-dir=/certs', '-cert-dir=/tmp/pod/certs'],
  ['below a mount', '--tls=/certs/tls.crt,/certs/tls.key', '--tls=/tmp/pod/certs/tls.crt,/tmp/pod/certs/tls.key'],
  ['the longest mount path', '/token/deep/x', '/tmp/pod/deep/x'],
  ['what only begins alike', '/certs-old /certs.d', '/certs-old /certs.d'],
  ['part of another path', '/etc/certs https://host/token', '/etc/certs https://host/token'],
  ['the API server', 'https://kube-apiserver', 'https://127.0.0.1:6443'],
  ['the API server with its port', 'server: https://kube-apiserver:443\n', 'server: https://127.0.0.1:6443\n'],
  ['another host', 'https://kube-apiserver.example.org', 'https://kube-apiserver.example.org'],
  ['another port', 'https://kube-apiserver:8443', 'https://kube-apiserver:8443'],
  ['in-cluster', '--control-kubeconfig=inClusterConfig', '--control-kubeconfig=/tmp/pod/kubeconfig'],
  ['nothing', '--v=3', '--v=3'],
])('%s', (_, text, expected) => {
  expect(rewrite(text)).toBe(expected);
});

test('what was put in is not rewritten again', () => {
  const nested = rewriter({ paths: { '/a': '/b/dir', '/b': '/c' }, origins: {}, kubeconfig: '' });
  expect(nested('/a /b')).toBe('/b/dir /c');
});
