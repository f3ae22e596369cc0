/**
 * What misspelt and abbreviated words cost: the development queries with one word of each changed by rule, asked with
 * variants of words and without.
 *
 *   node out/test/bench/typos.js DEV.json TREES
 *
 * The repositories must be indexed already (`neosearch index`, same NEOSEARCH_HOME).
 */
import { WEIGHTS } from '../../src/core/rank/weights';
import { load, overall } from './devSet';

/** The longest word of letters is changed; shorter ones say too little of the query. */
const LEAST_LETTERS = 5;
const SEED = 7;

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Change = (word: string, random: () => number) => string;

const CHANGES: Readonly<Record<string, Change>> = {
  unchanged: (word) => word,
  'one letter dropped': (word, random) => {
    const at = 1 + Math.floor(random() * (word.length - 1));
    return word.slice(0, at) + word.slice(at + 1);
  },
  'two letters swapped': (word, random) => {
    const at = 1 + Math.floor(random() * (word.length - 2));
    return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
  },
  'cut to four letters': (word) => word.slice(0, 4),
  'without vowels': (word) => word.charAt(0) + word.slice(1).replace(/[aeiou]/gi, ''),
};

function changed(query: string, change: Change, random: () => number): string | undefined {
  const longest = [...query.matchAll(/[A-Za-z]+/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (longest === undefined || longest[0].length < LEAST_LETTERS) return undefined;
  const [word] = longest;
  return query.slice(0, longest.index) + change(word, random) + query.slice(longest.index + word.length);
}

async function main(): Promise<void> {
  const [dev, trees] = process.argv.slice(2);
  if (dev === undefined || trees === undefined) throw new Error('usage: typos.js DEV.json TREES');
  const without = { ...WEIGHTS, variants: { form: 0, typo: 0, farTypo: 0, abbreviation: 0 } };
  console.log('| longest word of the query | queries | without variants | with |\n|---|---|---|---|');
  for (const [name, change] of Object.entries(CHANGES)) {
    const cells: string[] = [];
    let queries = 0;
    for (const weights of [without, WEIGHTS]) {
      const random = randomFrom(SEED);
      const tasks = await load(dev, trees, weights, (query) => changed(query, change, random));
      queries = tasks.length;
      cells.push(overall(tasks, weights).toFixed(4));
    }
    console.log(`| ${name} | ${queries} | ${cells.join(' | ')} |`);
  }
}

void main();
