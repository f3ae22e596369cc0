/** The weights of ranking that the user's settings ask for. */
import { WEIGHTS, type Weights } from '../../core/rank/weights';

/** @param testsAndVendored lower: as tuned; same: tests and vendored code rank as any other */
export function weightsFor(testsAndVendored: 'lower' | 'same', weights: Weights = WEIGHTS): Weights {
  if (testsAndVendored === 'lower') return weights;
  return { ...weights, place: { ...weights.place, test: 1, vendored: 1 } };
}
