/** Variants of a query's words, from the vocabulary alone. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { abbreviates } from '../../src/core/query/abbreviation';
import { editDistance, oneEditAway } from '../../src/core/query/editDistance';
import { otherForms } from '../../src/core/query/inflection';
import { queryTerms, weightOf, type QueryTerms } from '../../src/core/query/queryTerms';
import { stem } from '../../src/core/query/terms';
import { WEIGHTS } from '../../src/core/rank/weights';

const SHARES = WEIGHTS.variants;

/** @param words frequencies of words, which are stemmed here as they are in an index, and of whole names */
function asked(query: string, words: Readonly<Record<string, number>>): QueryTerms {
  const terms = new Map(
    Object.entries(words).map(([word, count]) => [
      /[A-Z]/.test(word) ? word.toLowerCase() : stem(word),
      count,
    ]),
  );
  const startingWith = (letter: string): ReadonlyMap<string, number> =>
    new Map([...terms].filter(([term]) => term.startsWith(letter)));
  const corpus = {
    chunks: 1000,
    frequency: (term: string) => terms.get(term) ?? 0,
    vocabulary: { startingWith },
  };
  return queryTerms(query, corpus, SHARES);
}

const found = (query: string, words: Readonly<Record<string, number>>): [string, number][] =>
  [...asked(query, words).variants].map(([term, { share }]) => [term, share]);

describe('editDistance', () => {
  test('counts letters dropped, added, replaced and swapped', () => {
    for (const [a, b, distance] of [
      ['retry', 'retry', 0],
      ['retry', 'rety', 1],
      ['retry', 'rettry', 1],
      ['retry', 'retrx', 1],
      ['retry', 'rerty', 1],
      ['schedule', 'shcedlue', 2],
      ['', 'ab', 2],
    ] as const) {
      assert.equal(editDistance(a, b, 3), distance, `${a} ${b}`);
      assert.equal(editDistance(b, a, 3), distance, `${b} ${a}`);
    }
  });

  test('gives up past what is asked', () => {
    assert.equal(editDistance('alpha', 'omega', 1), 2);
    assert.equal(editDistance('a', 'abcdef', 2), 3);
  });

  test('all that oneEditAway gives are one away and keep the first letter', () => {
    const words = new Set(oneEditAway('cache'));
    for (const word of words) {
      assert.ok(editDistance('cache', word, 2) <= 1, word);
      assert.equal(word[0], 'c');
    }
    for (const word of ['cahe', 'cacche', 'cachw', 'cahce', 'caches', 'cach'])
      assert.ok(words.has(word), word);
  });
});

describe('abbreviates', () => {
  test('knows beginnings and consonants', () => {
    for (const [short, long] of [
      ['auth', 'authent'],
      ['config', 'configur'],
      ['cfg', 'config'],
      ['ctx', 'context'],
      ['msg', 'messag'],
      ['btn', 'button'],
      ['req', 'request'],
      ['pkg', 'packag'],
      ['idx', 'index'],
    ] as const) {
      const kept = abbreviates(short, long);
      assert.ok(kept > 0 && kept <= 1, `${short} ${long}: ${kept}`);
    }
  });

  test('and nothing else', () => {
    for (const [short, long] of [
      ['cfg', 'cfg'],
      ['config', 'cfg'],
      ['fg', 'figure'],
      ['cat', 'context'],
      ['ctx', 'text'],
      ['xtc', 'context'],
      ['msg', 'makesomethingverylongthatgoes'],
      ['a1b', 'alb'],
    ] as const) {
      assert.equal(abbreviates(short, long), 0, `${short} ${long}`);
    }
  });
});

test('otherForms leads from each form to the other where the stemmer does not', () => {
  for (const [one, many] of [
    ['index', 'indices'],
    ['matrix', 'matrices'],
    ['vertex', 'vertices'],
    ['analysis', 'analyses'],
    ['criterion', 'criteria'],
    ['schema', 'schemata'],
    ['radius', 'radii'],
    ['status', 'statuses'],
    ['alias', 'aliases'],
    ['leaf', 'leaves'],
  ] as const) {
    assert.notEqual(stem(one), stem(many));
    assert.ok(otherForms(one).includes(many), one);
    assert.ok(otherForms(many).includes(one), many);
  }
  assert.deepEqual(otherForms('parse'), []);
});

describe('variants of a query', () => {
  test('a misspelt word is the word one slip away, in its ending too', () => {
    const words = { authentication: 30, retry: 9, cache: 5 };
    for (const typed of ['authentcation', 'authenticatoin', 'uathentication', 'authenticationn']) {
      assert.deepEqual(found(typed, words), [[stem('authentication'), SHARES.typo]], typed);
    }
    assert.deepEqual(found('rerty', words), [['retri', SHARES.typo]]);
  });

  test('two slips away only of long words, and only where nothing is nearer', () => {
    const words = { scheduler: 12, retry: 9 };
    assert.deepEqual(found('shcedlue', words), [[stem('scheduler'), SHARES.farTypo]]);
    assert.deepEqual(found('rtrey', words), []);
  });

  test('a word of the index means itself, unless it is rare and a far commoner one is near', () => {
    assert.deepEqual(found('handles', { handles: 40, handled: 40, candle: 9 }), []);
    assert.deepEqual(found('recieve', { recieve: 1, receive: 200 }), [[stem('receive'), SHARES.typo]]);
    assert.deepEqual(found('recieve', { recieve: 1, receive: 20 }), []);
  });

  test('an abbreviation finds the commonest words that it may stand for', () => {
    const words = { config: 75, configure: 42, confuse: 1, context: 60, message: 20 };
    assert.deepEqual(
      found('cfg', words).map(([term]) => term),
      ['config', 'configur'],
    );
    assert.deepEqual(found('ctx', words), [['context', SHARES.abbreviation]]);
    assert.deepEqual(found('msg', words), [['messag', SHARES.abbreviation]]);
    assert.deepEqual(found('auth', { authenticate: 5, authorize: 9 }).sort(), [
      ['authent', SHARES.abbreviation],
      ['author', SHARES.abbreviation],
    ]);
  });

  test('also where it stands in the index, if the word is far commoner', () => {
    assert.deepEqual(found('cfg', { cfg: 2, config: 75 }), [['config', SHARES.abbreviation]]);
    assert.deepEqual(found('cfg', { cfg: 70, config: 75 }), []);
  });

  test('a word finds what abbreviates it where it stands nowhere itself', () => {
    assert.deepEqual(found('configuration', { cfg: 12 }), [['cfg', SHARES.abbreviation]]);
    assert.deepEqual(found('configuration', { cfg: 12, configuration: 3 }), []);
  });

  test('plurals that the stemmer keeps apart meet', () => {
    assert.deepEqual(found('indices', { index: 10 }), [['index', SHARES.form]]);
    assert.deepEqual(found('index', { index: 10, indices: 3 }), [[stem('indices'), SHARES.form]]);
    assert.deepEqual(found('status', { statuses: 3 }), [[stem('statuses'), SHARES.form]]);
  });

  test('a misspelt name of several parts finds the whole name', () => {
    const words = { invoice: 5, total: 5, invoiceTotal: 2 };
    const { variants } = asked('invocieTotal', words);
    assert.deepEqual(variants.get('invoicetotal'), { of: 'invocietotal', share: SHARES.typo });
    assert.deepEqual(variants.get('invoic'), { of: stem('invocie'), share: SHARES.typo });
  });

  test('a variant weighs its share of the word, and the word no more than what it may mean', () => {
    const query = asked('confg loader', { config: 500, loader: 2 });
    assert.equal(query.weights.get('loader'), 1);
    const own = query.weights.get('confg') ?? NaN;
    assert.ok(own > 0 && own < 0.5, String(own));
    assert.equal(weightOf('confg', query), own);
    assert.equal(weightOf('config', query), SHARES.typo * own);
    assert.equal(weightOf('other', query), 0);
  });

  test('digits, other scripts and short words are left alone', () => {
    const words = { utf16: 9, 数据: 3, to: 5, abc: 7 };
    for (const query of ['utf8', '数库', 'tp', 'abd']) assert.deepEqual(found(query, words), [], query);
  });
});
