/** A text that fits a token budget as the asking model counts, not as we estimate. */

/** Times that the text is made again, shorter: an estimate is seldom off by more than half. */
const ATTEMPTS = 4;

/**
 * @param render makes a text of about that many tokens at most, by estimate
 * @param budget tokens at most
 * @param count tokens of a text, as the asker counts them; without it the estimate stands
 */
export async function withinBudget(
  render: (tokens: number) => string,
  budget: number,
  count?: (text: string) => PromiseLike<number>,
): Promise<string> {
  let text = render(budget);
  if (count === undefined) return text;
  let estimate = budget;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const tokens = await count(text);
    if (tokens <= budget) return text;
    estimate = Math.floor(Math.min(estimate * 0.9, (estimate * budget * 0.95) / tokens));
    text = render(estimate);
  }
  return text;
}
