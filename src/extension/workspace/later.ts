/** Timers, as the parts that are tested without waiting take them. */

/** Runs once after so many milliseconds; the result calls it off. */
export function later(run: () => void, delay: number): () => void {
  const timer = setTimeout(run, delay);
  return () => clearTimeout(timer);
}
