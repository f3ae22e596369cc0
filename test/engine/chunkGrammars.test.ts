/** The grammars: offsets, refusals, and what happens where a file is missing. */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { syntaxLanguages } from '../../src/core/chunk/languages/languages';
import type { SyntaxNode } from '../../src/core/chunk/syntax/syntaxTree';
import { Grammars } from '../../src/engine/grammars/grammars';
import { openTestGrammars } from './chunkSupport';

const distGrammars = path.join(process.cwd(), 'dist', 'grammars');

describe('grammars', () => {
  const folders: string[] = [];
  after(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  const folderWith = async (...names: readonly string[]): Promise<string> => {
    const folder = await mkdtemp(path.join(tmpdir(), 'grammars-'));
    folders.push(folder);
    for (const name of names) await copyFile(path.join(distGrammars, name), path.join(folder, name));
    return folder;
  };

  it('has one for every language of the table', async () => {
    const lines: string[] = [];
    const grammars = await openTestGrammars((line) => lines.push(line));
    for (const language of syntaxLanguages) {
      assert.ok(await grammars.parser(language), language);
    }
    assert.equal(await grammars.parser('plaintext'), undefined);
    assert.equal(await grammars.parser('constructor'), undefined);
    assert.deepEqual(lines, []);
    grammars.dispose();
  });

  it('counts in UTF-16 code units, and knows fields', async () => {
    const grammars = await openTestGrammars(() => undefined);
    const text = '# 😀日本\nx = "😀😀"\ndef 名前(): pass\n';
    const parse = await grammars.parser('python');
    assert.ok(parse);
    const root = parse(text)?.root;
    assert.ok(root);
    assert.deepEqual(
      root.children.map((node: SyntaxNode) => node.text),
      ['# 😀日本', 'x = "😀😀"', 'def 名前(): pass'],
    );
    assert.equal(root.children[2]?.child('name')?.text, '名前');
    grammars.dispose();
  });

  it('refuses what is too deep or takes too long', async () => {
    const lines: string[] = [];
    const grammars = await Grammars.open({
      dir: distGrammars,
      timeoutMs: -1,
      log: (line) => lines.push(line),
    });
    const parse = await grammars.parser('python');
    assert.ok(parse);
    assert.equal(parse('('.repeat(5000)), undefined);
    assert.equal(parse('x = 1\n'.repeat(2000)), undefined);
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /deeply nested .* python grammar/);
    assert.match(lines[1] ?? '', /takes too long .* python grammar/);
    grammars.dispose();
  });

  it('gives up on what it finds no token in', async () => {
    const lines: string[] = [];
    const grammars = await Grammars.open({
      dir: distGrammars,
      timeoutMs: 20,
      log: (line) => lines.push(line),
    });
    const parse = await grammars.parser('dart');
    assert.ok(parse);
    assert.equal(parse('漢字かな交じり文'.repeat(3000)), undefined);
    assert.equal(lines.length, 1);
    assert.equal(parse('class A {}')?.root?.children[0]?.type, 'class_definition');
    grammars.dispose();
  });

  it('gives no trees after it was disposed', async () => {
    const grammars = await openTestGrammars(() => undefined);
    const parse = await grammars.parser('go');
    assert.ok(parse);
    assert.ok(parse('package a'));
    grammars.dispose();
    assert.equal(parse('package a'), undefined);
    assert.equal(await grammars.parser('go'), undefined);
  });

  it('says once that a grammar is missing or no grammar, and parses the others', async () => {
    const dir = await folderWith('web-tree-sitter.wasm', 'tree-sitter-json.wasm');
    await writeFile(path.join(dir, 'tree-sitter-go.wasm'), 'no grammar');
    const lines: string[] = [];
    const grammars = await Grammars.open({ dir, log: (line) => lines.push(line) });
    for (let i = 0; i < 2; i++) {
      assert.equal(await grammars.parser('lua'), undefined);
      assert.equal(await grammars.parser('go'), undefined);
    }
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^The lua grammar cannot be used/);
    const parse = await grammars.parser('json');
    assert.ok(parse);
    assert.ok(parse('{}'));
    grammars.dispose();
  });
});
