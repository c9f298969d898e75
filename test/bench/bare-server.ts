import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

/** What HTTPS and JSON cost by themselves: parses what it is sent, answers always the same. Arguments: port, key, certificate. */
const [port, key = '', cert = ''] = process.argv.slice(2);
const answer = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid: '00000000-0000-4000-8000-000000000000', allowed: true },
});
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) };
const pair = { key: readFileSync(key), cert: readFileSync(cert) };

createServer(pair, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, headers).end(answer);
  });
}).listen(Number(port), '127.0.0.1');
