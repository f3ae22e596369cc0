/** The tokenizer with its memory of words gives what the library gives, whatever the text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { NeosearchError } from '../../src/base/errors';
import { Tokenizer } from '../../src/engine/encoder/tokenizer';
import { WordCache } from '../../src/engine/encoder/wordCache';
import { randomNumbers, temporaryFolder, writeModel } from './modelSupport';

const folder = temporaryFolder();
after(() => folder.remove());

const SHIPPED = path.join(process.cwd(), 'media/model');
const NO_LIMIT = 1e9;

const HOSTILE = [
  '',
  ' \t\r\n ',
  'function getUser(id) { return users[id] ?? null; }',
  'a\u0000b \ufffd c\u0007d \u001f',
  'form\ffeed vertical\vtab next\u0085line bom\ufeffinside',
  'no\u00a0break\u2003em\u3000wide\u2028line\u2029paragraph\u180emongolian\u200bzero\u200dwidth',
  'ÀÉÎÕÜ ñandú Straße İstanbul ﬁne ½ ²',
  'e\u0301 <\u0338 a\u0323\u0307b \u0301lone',
  'ΟΔΟΣ ΟΔΟΣ. ΟΔΟΣ.Α ΟΔΟΣ:Α Σ AΣ\u00ad AΣ\u0301b',
  '日本語のテキスト 漢字kanji混ぜ한국어 텍스트 㐀 𠀀𪚥 豈',
  '👩‍👩‍👧‍👦 🏳️‍🌈 a👍🏽b 1️⃣',
  'שלום עולם مرحبا بالعالم नमस्ते ไทย',
  '“quotes” — dash … ‹x› ¿que? ·middle· §5 ¶',
  '$var @decorator #include <stdio.h> `tick` ^caret ~tilde |pipe \\back',
  `${'x'.repeat(100)} ${'y'.repeat(101)} ${'é'.repeat(101)} ${'_'.repeat(300)} ${'ab'.repeat(5000)}`,
  'snake_case_name camelCaseName SCREAMING_CASE kebab-case dot.path/to/file.ts',
  '[CLS] in a text [SEP] and [MASK], [PAD][UNK] and [cls] and ##ing [ CLS ]',
  '\ud800 lone \udc00 surrogates \ud83d x\udfff',
  '\u{10ffff}\ue000 private \u{e0001} tags',
  '1234567890 0xDEADBEEF 3.14159e-10 1_000_000',
  'constructor __proto__ toString hasOwnProperty',
];

/** Texts of random characters, from sets that act on each other. */
function randomTexts(count: number): string[] {
  const random = randomNumbers(3);
  const pick = (n: number): number => Math.floor(((random() + 1) / 2) * n);
  const sets = [
    'abcXYZ019',
    ' \t\n\r\u00a0\u3000\f',
    '.,:;_-[](){}\'"`^',
    'ΣσςΑ\u0301\u00ad',
    '漢字한글',
    'éßİ\u0307',
    '\ud83d\udc4d\u200d',
  ];
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + pick(40) }, () => {
      const set = sets[pick(sets.length)]!;
      return set.charAt(pick(set.length));
    }).join(''),
  );
}

async function open(definition: unknown, name: string): Promise<{ tokenizer: Tokenizer; library: Library }> {
  const dir = writeModel(path.join(folder.dir, name), { tokenizer: definition });
  return { tokenizer: await Tokenizer.open(dir), library: new Library(definition as object, {}) };
}

const shipped = JSON.parse(readFileSync(path.join(SHIPPED, 'tokenizer.json'), 'utf8')) as Record<
  string,
  object
>;
const variants: Record<string, unknown> = {
  shipped,
  'cased, with accents': {
    ...shipped,
    normalizer: { ...shipped['normalizer'], lowercase: false, strip_accents: false },
  },
  'text not cleaned': { ...shipped, normalizer: { ...shipped['normalizer'], clean_text: false } },
  'an added token that is looked for in normalized text': {
    ...shipped,
    added_tokens: [{ id: 1, content: 'Get User', special: false, normalized: true }],
  },
  'another kind of pre-tokenizer': { ...shipped, pre_tokenizer: { type: 'WhitespaceSplit' } },
};

for (const [name, definition] of Object.entries(variants)) {
  test(`same ids as the library: ${name}`, async () => {
    const { tokenizer, library } = await open(definition, name.replaceAll(' ', '-'));
    const texts = [...HOSTILE, HOSTILE.join('\n'), ...randomTexts(300)];
    // Twice: the second time from memory.
    for (const text of [...texts, ...texts]) {
      const { ids } = library.encode(text);
      assert.deepEqual(tokenizer.encode(text, NO_LIMIT), ids, JSON.stringify(text));
      const bare = library.encode(text, { add_special_tokens: false }).ids;
      assert.equal(tokenizer.count(text), bare.length, JSON.stringify(text));
    }
  });
}

test('a text is cut to the window, its special tokens kept', async () => {
  const tokenizer = await Tokenizer.open(SHIPPED);
  const whole = tokenizer.encode('one two three four', NO_LIMIT);
  assert.deepEqual(tokenizer.encode('one two three four', 4), [...whole.slice(0, 3), whole.at(-1)]);
  assert.deepEqual(tokenizer.encode('[MASK] one two three', 4).length, 4);
  assert.deepEqual(tokenizer.encode('one', 2), [whole[0], whole.at(-1)]);
});

test('the memory of words is bounded, and keeps those that come again', () => {
  const asked: string[] = [];
  const cache = new WordCache((word) => {
    asked.push(word);
    return [word.length];
  }, 10);
  for (let i = 0; i < 100; i += 1) {
    assert.deepEqual(cache.get(`w${i}`), [`w${i}`.length]);
    assert.deepEqual(cache.get('often'), [5]);
    assert.ok(cache.size <= 20);
  }
  assert.equal(asked.filter((word) => word === 'often').length, 1);
  assert.deepEqual(cache.get('w0'), [2]);
  const long = 'x'.repeat(1000);
  assert.deepEqual([cache.get(long), cache.get(long)], [[1000], [1000]]);
  assert.equal(asked.filter((word) => word === long).length, 2);
});

test('a tokenizer.json that is missing, damaged or of an unknown kind', async () => {
  const refused = async (dir: string, pattern: RegExp): Promise<void> => {
    await assert.rejects(Tokenizer.open(dir), (error) => {
      assert.ok(error instanceof NeosearchError && error.code === 'bad-model', String(error));
      assert.match(error.message, pattern);
      return true;
    });
  };
  await refused(writeModel(path.join(folder.dir, 'none'), {}), /has no tokenizer\.json/);
  const damaged = writeModel(path.join(folder.dir, 'cut'), { tokenizer: Buffer.from('{"model":') });
  await refused(damaged, /tokenizer\.json is not JSON/);
  const unknown = writeModel(path.join(folder.dir, 'unknown'), { tokenizer: { version: '1.0' } });
  await refused(unknown, /tokenizer\.json cannot be used/);
});
