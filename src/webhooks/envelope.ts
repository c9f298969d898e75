import { isDeeperThan } from './depth.ts';
import { mayNamePrototype, removePrototypeKeys } from './prototype-keys.ts';
import { isFields, readRequest } from './review-request.ts';
import type { ReviewRequest } from './webhook.ts';

const group = 'admission.k8s.io';
const supported = [`${group}/v1`, `${group}/v1beta1`] as const;
/** Version of an AdmissionReview; the answer has that of the question. */
export type ReviewVersion = (typeof supported)[number];

export type Decoded =
  | { readonly version: ReviewVersion; readonly request: ReviewRequest }
  /** `uid` is undefined when it cannot be known: there is nothing that an AdmissionReview could answer then. */
  | { readonly version: ReviewVersion; readonly uid: string | undefined; readonly problem: string };

export interface DecodeOptions {
  readonly maxDepth: number;
  readonly remoteAddress: string | undefined;
}

/** Reads an AdmissionReview of v1 or v1beta1. Never throws, whatever the bytes are. */
export function decodeReview(body: Buffer, { maxDepth, remoteAddress }: DecodeOptions): Decoded {
  if (isDeeperThan(body, maxDepth)) return guess(body, `the body is nested deeper than ${maxDepth} levels`);
  let review: unknown;
  let hasPrototype = false;
  try {
    const text = body.toString();
    review = JSON.parse(text);
    hasPrototype = mayNamePrototype(text) && removePrototypeKeys(review);
  } catch {
    return guess(body, 'the body is not JSON');
  }
  const version = supported.find((known) => isFields(review) && review.apiVersion === known);
  if (!isFields(review) || !isFields(review.request)) return broken(version, undefined, 'the body has no request');
  const { uid } = review.request;
  if (typeof uid !== 'string' || uid === '') return broken(version, undefined, 'request.uid must be a string');
  if (!version || review.kind !== 'AdmissionReview') {
    return broken(version, uid, `the body must be an AdmissionReview of ${supported.join(' or ')}`);
  }
  if (hasPrototype) return broken(version, uid, 'the name "__proto__" is not allowed');
  const read = readRequest(review.request, uid, remoteAddress);
  return 'problem' in read ? broken(version, uid, read.problem) : { version, request: read.request };
}

function broken(version: ReviewVersion | undefined, uid: string | undefined, problem: string): Decoded {
  return { version: version ?? supported[0], uid, problem };
}

/** Where the uid stands in what API servers send; what is behind it may be cut off. */
const head =
  /^\s*\{(?:\s*"(?:kind|apiVersion)"\s*:\s*"[^"\\]*"\s*,)*\s*"request"\s*:\s*\{\s*"uid"\s*:\s*"([^"\\]{1,128})"/;
const headBytes = 1024;

/** Finds whom to answer in a body that cannot be parsed. */
function guess(body: Buffer, problem: string): Decoded {
  const start = body.subarray(0, headBytes).toString();
  const uid = head.exec(start)?.[1];
  const version = supported.find((known) => start.includes(`"${known}"`));
  return broken(version, uid, problem);
}
