import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { hostTarget, listing, TARGETS } from './packaging';

const NATIVE = /\.(node|dll|dylib)$|\.so(\.\d+)*$/;

/** What ONNX Runtime loads on each platform. */
const RUNTIME: Readonly<Record<string, readonly string[]>> = {
  linux: ['libonnxruntime.so.1', 'onnxruntime_binding.node'],
  darwin: ['libonnxruntime.1.dylib', 'onnxruntime_binding.node'],
  win32: ['DirectML.dll', 'dxcompiler.dll', 'dxil.dll', 'onnxruntime.dll', 'onnxruntime_binding.node'],
};

describe('what a package holds', () => {
  const packages = new Map<string, readonly string[]>();

  before(async () => {
    for (const target of [...TARGETS, 'universal']) {
      packages.set(
        target,
        (await listing(target)).map((file) => file.path),
      );
    }
  });

  for (const target of [...TARGETS, 'universal']) {
    it(`${target}: the product, and nothing of its making`, () => {
      const files = packages.get(target) ?? [];
      for (const needed of [
        'package.json',
        'package.nls.json',
        'README.md',
        'CHANGELOG.md',
        'LICENSE',
        'THIRD_PARTY_NOTICES.md',
        'dist/cli.js',
        'dist/main.js',
        'dist/encoderWorker.js',
        'dist/grammars/web-tree-sitter.wasm',
        'dist/grammars/tree-sitter-python.wasm',
        'media/icon.png',
        'media/model/model.safetensors',
        'media/model/tokenizer.json',
      ]) {
        assert.ok(files.includes(needed), `${needed} is missing`);
      }
      const strangers = files.filter(
        (file) =>
          /\.(ts|mts|tsx|map|py|vsix)$/.test(file) ||
          /^(src|test|training|scripts|docs|out|node_modules|media\/screenshots)\//.test(file) ||
          /(^|\/)\./.test(file),
      );
      assert.deepEqual(strangers, []);
      assert.ok(files.filter((file) => /\.[cm]?js$/.test(file)).length < 100, 'too many scripts');
    });
  }

  for (const target of TARGETS) {
    it(`${target}: native code of that platform alone`, () => {
      const [platform = '', arch = ''] = target.split('-');
      const files = packages.get(target) ?? [];
      const native = files.filter((file) => NATIVE.test(file));
      const folder = new RegExp(
        `^dist/node_modules/onnxruntime-node/bin/napi-v\\d+/${platform}/${arch}/([^/]+)$`,
      );
      const runtime = native.flatMap((file) => folder.exec(file)?.[1] ?? []);
      assert.deepEqual(runtime.sort(), [...(RUNTIME[platform] ?? [])].sort());
      const rest = native.filter((file) => !folder.test(file));
      // npm compiles it for the machine it runs on, where that machine has a compiler.
      const compiled = 'hnswlib-node/build/Release/addon.node';
      const expected =
        target === hostTarget() && existsSync(`node_modules/${compiled}`)
          ? [`dist/node_modules/${compiled}`]
          : [];
      assert.deepEqual(rest, expected);
    });
  }

  it('universal: no native code at all', () => {
    const files = packages.get('universal') ?? [];
    assert.deepEqual(
      files.filter((file) => NATIVE.test(file) || file.includes('node_modules')),
      [],
    );
  });

  it('carries the grammars of the table of languages, each once', () => {
    const files = packages.get('universal') ?? [];
    const grammars = files.filter((file) => /^dist\/grammars\/tree-sitter-.*\.wasm$/.test(file));
    assert.ok(grammars.length > 30 && grammars.length < 40, `${grammars.length} grammars`);
    assert.ok(!grammars.some((file) => file.includes('-latex.') || file.includes('-agda.')));
  });

  it('has every file that the manifest names', () => {
    const files = packages.get('universal') ?? [];
    const named = filesNamedIn(JSON.parse(readFileSync('package.json', 'utf8')));
    assert.ok(named.has('media/icon.png'));
    assert.deepEqual(
      [...named].filter((file) => !files.includes(file)),
      [],
    );
  });
});

describe('the manifest', () => {
  it('has what the marketplaces ask for', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;
    for (const field of [
      'publisher',
      'license',
      'icon',
      'galleryBanner',
      'categories',
      'keywords',
      'engines',
    ])
      assert.ok(field in manifest, `${field} is missing`);
    assert.deepEqual(manifest['extensionKind'], ['workspace']);
    assert.equal(manifest['enabledApiProposals'], undefined);
    assert.ok(!(manifest['activationEvents'] as string[]).includes('*'));
    assert.equal(manifest['files'], undefined);
  });

  it('has an icon that is large enough', () => {
    const icon = readFileSync('media/icon.png');
    assert.equal(icon.toString('latin1', 1, 4), 'PNG');
    assert.ok(icon.readUInt32BE(16) >= 128 && icon.readUInt32BE(20) >= 128);
  });
});

/** Paths of files anywhere in a manifest: icons, walkthrough pages, the entry point. */
function filesNamedIn(value: unknown): Set<string> {
  if (typeof value === 'string') {
    const [, file] = /^(?:\.\/)?((?:media|dist)\/.+\.\w+)$/.exec(value) ?? [];
    return new Set(file === undefined ? [] : [file]);
  }
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((inner) => [...filesNamedIn(inner)]));
}
