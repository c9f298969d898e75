/** The protocol of an update in place between MCM, machine controller and gardener-node-agent (metal-components F.10). */

/** A condition of the Node; its reason is the step. */
export const inPlaceCondition = 'InPlaceUpdate';

export type InPlaceReason =
  | 'CandidateForUpdate'
  | 'SelectedForUpdate'
  | 'DrainSuccessful'
  | 'ReadyForUpdate'
  | 'UpdateSuccessful'
  | 'UpdateFailed';

/** Labels of the Node. */
export const candidateLabel = 'node.machine.sapcloud.io/candidate-for-update';
export const selectedLabel = 'node.machine.sapcloud.io/selected-for-update';
/** `successful` or `failed`. */
export const resultLabel = 'node.machine.sapcloud.io/update-result';
/** An annotation of the Node. */
export const failedReasonAnnotation = 'node.machine.sapcloud.io/update-failed-reason';
