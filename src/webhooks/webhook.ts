import type { FieldError } from '../providers/admission.ts';

/** What an AdmissionReview asks, for the API versions v1 and v1beta1. */
export interface ReviewRequest {
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly object: unknown;
  readonly oldObject: unknown;
  readonly dryRun: boolean;
  readonly userInfo: { readonly username: string; readonly groups: readonly string[] };
  /** Address of the caller, for shoot webhooks: it tells whose API server asks. */
  readonly remoteAddress: string | undefined;
}

export type ReviewResult =
  | {
      readonly allowed: true;
      readonly warnings?: readonly string[];
      /** What the object becomes; the difference is answered as a JSON patch. */
      readonly object?: unknown;
    }
  | {
      readonly allowed: false;
      /** HTTP code of the refusal: 422 for rules, 400 for what cannot be read, 500 for our own trouble. */
      readonly code: number;
      readonly message: string;
      readonly errors?: readonly FieldError[];
      readonly warnings?: readonly string[];
    };

/** One webhook: what is sent to it, and what it answers. */
export interface Webhook {
  /** `validator`: the entry is `validator.<component>.extensions.gardener.cloud`. */
  readonly name: string;
  readonly path: string;
  readonly type: 'validating' | 'mutating';
  /** Where its configuration is: garden and seed register it, the shoot gets it by ManagedResource. */
  readonly target: 'garden' | 'seed' | 'shoot';
  /** Operations are always CREATE and UPDATE. */
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly apiVersions: readonly string[];
    readonly resources: readonly string[];
  }[];
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  /** Fail for garden and seed, Ignore for the shoot, when absent. */
  readonly failurePolicy?: 'Fail' | 'Ignore';
  /** May throw: an error is answered as a refusal with code 500 and never with its stack. */
  review(request: ReviewRequest, signal: AbortSignal): Promise<ReviewResult>;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}
