/** Of `Shoot.status.credentials.rotation.certificateAuthorities`; both absent when it never rotated. */
export interface RotationState {
  readonly phase?: string | undefined;
  /** RFC 3339. */
  readonly lastInitiationTime?: string | undefined;
}

const isOver = (phase: string | undefined): boolean => phase === 'Completing' || phase === 'Completed';

/** What was an authority before the rotation is trusted until the rotation is completed. */
export const keepsOld = ({ phase }: RotationState): boolean => !isOver(phase);

/** From `Preparing` to `Prepared`: clients may not trust the new authority yet. */
export const isUnderWay = ({ phase }: RotationState): boolean => Boolean(phase) && !isOver(phase);

/** When the last rotation began, in seconds since the epoch as labels have it; empty when there was none. */
export function initiatedAt({ lastInitiationTime }: RotationState): string {
  if (!lastInitiationTime) return '';
  const ms = Date.parse(lastInitiationTime);
  if (Number.isNaN(ms)) {
    throw new Error(
      `certificateAuthorities.lastInitiationTime in the Shoot's status is no time: ${lastInitiationTime}. Gardener writes it when a rotation is begun; correct it there`,
    );
  }
  return String(Math.floor(ms / 1000));
}
