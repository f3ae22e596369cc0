import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type * as vscode from 'vscode';
import { readSettings } from '../../../src/extension/settings';
import { gateOf } from '../../../src/extension/workspace/gateOf';
import { l10n } from './support';

type Values = Readonly<Record<string, unknown>>;

const reader =
  (values: Values) =>
  (section: string): Pick<vscode.WorkspaceConfiguration, 'get'> => ({
    get: (key: string) => values[`${section}.${key}`] as never,
  });
const folder = (path: string, scheme = 'file') => ({
  uri: { scheme, fsPath: path } as unknown as vscode.Uri,
  name: path.slice(1),
});
const facts = (values: Values = {}) => ({
  read: reader(values),
  isTrusted: true,
  folders: [folder('/a')],
  node: '22.20.0',
  l10n,
});

describe('settings', () => {
  it('become the configuration', () => {
    const { roots, engine } = readSettings(
      reader({
        'files.exclude': { '**/.git': true, '**/off': false, '**/*.js': { when: '$(basename).ts' } },
        'search.exclude': { '**/dist': true },
        'search.useIgnoreFiles': false,
        'neosearch.exclude': ['**/gen/**', 7],
        'neosearch.include': ['src/**'],
        'neosearch.maxFileSize': 10,
        'neosearch.model': ' /models/big ',
        'neosearch.device': 'cuda',
        'neosearch.threads': 3,
        'neosearch.chunkTokens': 10,
        'neosearch.indexLocation': '/indexes',
        'neosearch.indexing.onBattery': 'pause',
        'neosearch.indexing.whileTyping': 'continue',
        'neosearch.search.testsAndVendored': 'same',
        'neosearch.logLevel': 'debug',
      }),
      [folder('/a')],
    );
    assert.deepEqual(roots, [
      {
        path: '/a',
        name: 'a',
        settings: {
          exclude: ['**/.git', '**/dist', '**/gen/**'],
          include: ['src/**'],
          useIgnoreFiles: false,
          maxFileBytes: 10_240,
        },
      },
    ]);
    assert.deepEqual(engine, {
      home: '/indexes',
      model: '/models/big',
      device: 'cuda',
      threads: 3,
      chunkTokens: 32,
      onBattery: 'pause',
      whileTyping: 'continue',
      testsAndVendored: 'same',
      logLevel: 'debug',
      paused: false,
    });
  });

  it('fall back where a value makes no sense', () => {
    const { roots, engine } = readSettings(
      reader({
        'files.exclude': 'all',
        'neosearch.include': 'src',
        'neosearch.maxFileSize': 'big',
        'neosearch.device': 'abacus',
        'neosearch.threads': -1,
        'neosearch.logLevel': null,
      }),
      [folder('/a')],
    );
    assert.deepEqual(roots[0]?.settings, {
      exclude: [],
      include: [],
      useIgnoreFiles: true,
      maxFileBytes: 1024 * 1024,
    });
    assert.deepEqual(engine, {
      device: 'auto',
      onBattery: 'slow',
      whileTyping: 'slow',
      testsAndVendored: 'lower',
      logLevel: 'info',
      paused: false,
    });
  });
});

describe('the gate', () => {
  it('opens with the local folders', () => {
    const gate = gateOf({ ...facts(), folders: [folder('/a'), folder('/v', 'vscode-vfs')] });
    assert.ok(gate.kind === 'allowed');
    assert.deepEqual(
      gate.configuration.roots.map(({ path }) => path),
      ['/a'],
    );
  });

  it('says why it is closed, off first', () => {
    assert.equal(gateOf({ ...facts({ 'neosearch.enable': false }), isTrusted: false }).kind, 'off');
    assert.equal(gateOf({ ...facts(), folders: [] }).kind, 'noFolder');
    assert.equal(gateOf({ ...facts(), isTrusted: false }).kind, 'untrusted');
    const virtual = gateOf({ ...facts(), folders: [folder('/v', 'vscode-vfs')] });
    assert.ok(virtual.kind === 'unsupported');
    assert.match(virtual.reason, /vscode-vfs/);
    const old = gateOf({ ...facts(), node: '22.15.1' });
    assert.ok(old.kind === 'unsupported');
    assert.match(old.reason, /22\.16/);
    assert.equal(gateOf({ ...facts(), node: '24.0.0' }).kind, 'allowed');
  });
});
