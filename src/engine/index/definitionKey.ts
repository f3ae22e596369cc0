/** The key under which a defined name is stored and looked up: one for every casing style of the name. */
import { normalizeName } from '../../core/query/terms';

/** `RetryPolicy` and `retry_policy` give `retrypolicy`; names without letters or digits stay as they are. */
export function definitionKey(name: string): string {
  return normalizeName(name) || name.toLowerCase();
}
