/** What holds for the chunks of any text in any language, however broken. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chunkDocument } from '../../src/core/chunk/chunkDocument';
import { syntaxLanguages, syntaxOf } from '../../src/core/chunk/languages/languages';
import type { SyntaxParser, SyntaxTree } from '../../src/core/chunk/syntax/syntaxTree';
import type { Grammars } from '../../src/engine/grammars/grammars';
import { assertInvariants } from './chunkInvariants';
import { fixturesDir, openTestGrammars, wordCounter } from './chunkSupport';

function onePerGrammar(): string[] {
  const languages = new Map(syntaxLanguages.map((language) => [syntaxOf(language)?.grammar, language]));
  return [...languages.values()];
}

const prose = ['markdown', 'restructuredtext', 'asciidoc', 'latex', 'org', 'plaintext', 'toml', 'julia'];

/** Repeatable random numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

function randomLatin1(length: number): string {
  const random = randomNumbers(7);
  // NUL is left out: files that have it are binary.
  return Array.from({ length }, () => String.fromCharCode(1 + Math.floor(random() * 255))).join('');
}

/** Parses the same text once. */
function once(parse: SyntaxParser): SyntaxParser {
  let last: { readonly text: string; readonly tree: SyntaxTree | undefined } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, tree: parse(text) };
    return last.tree;
  };
}

const hostile: Readonly<Record<string, string>> = {
  nothing: '',
  'line breaks only': '\n\n\r\n\n',
  'white space only': ' \t\n\u00a0\u3000\ufeff',
  'one character': 'x',
  'carriage returns': 'def f():\r\n    return 1\r\n\r\n\r\nclass A:\r\n    pass\r\n\r\nold\rmac\r',
  'blank beginning and end': '\n\n   \n  function f() {}\n\n\n',
  'lone surrogates': 'x = "\ud800"\ny = "\udc00 \ud83d\ude00"\n\ud83d',
  'emoji and ideographs': '# 😀日本\nfunction f() { return "😀👩‍👩‍👧"; } // 漢字\n'.repeat(20),
  'no spaces': '漢字かな交じり文'.repeat(100),
  'one long word': 'x'.repeat(2000),
  'one long line': 'let a = b + c; '.repeat(100),
  'only brackets': '('.repeat(2000) + ')'.repeat(2000),
  'deep brackets': '{\n'.repeat(200) + '}\n'.repeat(200),
  'deep indentation': Array.from({ length: 150 }, (_, i) => `${' '.repeat(i)}if x:\n`).join(''),
  'deep elements': '<div>\n'.repeat(200),
  'unclosed string': `x = """${'some text here\n'.repeat(40)}`,
  'unclosed comment': `/* ${'some text here\n'.repeat(40)}`,
  'unclosed template': '`${`${'.repeat(200),
  'mixed indentation': 'if a:\n\tb\n        c\n  d\n'.repeat(30),
  'latin-1 noise': randomLatin1(1500),
  'wide gap': `a${' '.repeat(5000)}b\n`,
  'headings only': '# a\n== b\n* c\n'.repeat(40),
  'names of object members': 'constructor toString __proto__ hasOwnProperty valueOf\n',
};

describe('chunks of any text', () => {
  let grammars: Grammars;
  before(async () => {
    // What is refused is cut at blank lines, where the same holds.
    grammars = await openTestGrammars(() => undefined, 100);
  });
  after(() => grammars.dispose());

  const check = (text: string, language: string, parser: SyntaxParser | undefined, what: string): void => {
    const parse = parser === undefined ? undefined : once(parser);
    for (const budget of [5, 60]) {
      const chunks = chunkDocument({
        text,
        language,
        counter: wordCounter,
        budget,
        ...(parse === undefined ? {} : { parse }),
      });
      assertInvariants(chunks, text, { budget, counter: wordCounter, what: `${what}, budget ${budget}` });
    }
  };

  for (const language of [...onePerGrammar(), ...prose]) {
    it(language, async () => {
      const parse = await grammars.parser(language);
      for (const [what, text] of Object.entries(hostile)) check(text, language, parse, what);
    });
  }

  it('truncated and shuffled files', async () => {
    const random = randomNumbers(3);
    for (const language of readdirSync(fixturesDir).filter((name) => name !== 'jupyter')) {
      const parse = await grammars.parser(language);
      const dir = path.join(fixturesDir, language);
      for (const file of readdirSync(dir)) {
        const text = readFileSync(path.join(dir, file), 'utf8');
        check(text.slice(0, Math.floor(text.length * random())), language, parse, `${file}, cut`);
        check(text.slice(Math.floor(text.length * random())), language, parse, `${file}, its end`);
        const lines = text.split('\n');
        check(lines.sort(() => random() - 0.5).join('\n'), language, parse, `${file}, shuffled`);
      }
    }
  });

  it('a megabyte on one line', () => {
    const text = 'a = b + c; '.repeat(95_000);
    const chunks = chunkDocument({ text, language: 'plaintext', counter: wordCounter, budget: 384 });
    assertInvariants(chunks, text, { budget: 384, counter: wordCounter, what: 'one line' });
    assert.ok(chunks.length < 2000);
  });

  it('thousands of functions and comments', async () => {
    const text = Array.from({ length: 5000 }, (_, i) => `// ${i}\nint f${i}() { return ${i}; }\n`).join('');
    // The other texts may be given up early; this one must be parsed, on a slow machine too.
    const patient = await openTestGrammars(() => undefined);
    try {
      const parse = await patient.parser('c');
      const chunks = chunkDocument({ text, language: 'c', counter: wordCounter, budget: 384, parse: parse! });
      assertInvariants(chunks, text, { budget: 384, counter: wordCounter, what: 'functions' });
      assert.equal(chunks.flatMap(({ definitions }) => definitions).length, 5000);
    } finally {
      patient.dispose();
    }
  });
});
