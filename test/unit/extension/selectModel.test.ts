/** "Select Model" without an editor: its rows, and what it asks of the command line. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { missingModelFiles } from '../../../src/extension/commands/modelFolder';
import { modelItems } from '../../../src/extension/commands/modelItems';
import { type ListedModel, listModels, pullModel } from '../../../src/extension/commands/modelProcess';
import { temporaryFolder } from '../../engine/modelSupport';
import { HubServer } from '../../support/hubServer';
import { l10n } from './support';

const FIXTURE = path.join(process.cwd(), 'test/fixtures/neobert/a');

describe('the rows of Select Model', () => {
  const embedded: ListedModel = { name: 'embedded', kind: 'embedded', bytes: 16_800_000, inUse: true };
  const pulled: ListedModel = { name: 'a/b@0123456', kind: 'pulled', bytes: 1_000_000, inUse: false };

  const described = (models: readonly ListedModel[], current: string): (readonly unknown[])[] =>
    modelItems(models, current, l10n).map(({ description, action }) => [
      action.kind === 'use' ? action.value : action.kind,
      description,
    ]);

  it('name what is in use, by the setting or without it', () => {
    assert.deepEqual(described([embedded, pulled], ''), [
      ['', 'in use · 17 MB'],
      ['a/b@0123456', '1 MB'],
      ['pull', undefined],
      ['browse', undefined],
    ]);
    assert.equal(described([embedded, pulled], 'a/b@0123456')[1]?.[1], 'in use · 1 MB');
    assert.deepEqual(described([embedded], '/my/own')[1], ['/my/own', 'in use']);
  });

  it('the embedded one is named in the setting where another is used without it', () => {
    const rows = described(
      [
        { ...embedded, inUse: false },
        { ...pulled, inUse: true },
      ],
      '',
    );
    assert.deepEqual(rows[0], ['embedded', '17 MB']);
    assert.deepEqual(rows[1], ['a/b@0123456', 'in use · 1 MB']);
  });
});

describe('models for the editor', () => {
  let hub: HubServer;
  const folder = temporaryFolder();
  const options = { installation: process.cwd(), home: path.join(folder.dir, 'home'), proxy: '' };
  before(async () => {
    hub = await HubServer.start();
    Object.assign(process.env, hub.env);
    hub.add('someone/small', {
      'config.json': readFileSync(path.join(FIXTURE, 'config.json')),
      'tokenizer.json': '{}',
      'model.safetensors': readFileSync(path.join(FIXTURE, 'model.safetensors')),
    });
  });
  after(() => {
    hub.close();
    folder.remove();
  });

  it('are pulled with progress, and listed', async () => {
    const seen: number[] = [];
    const { signal } = new AbortController();
    const pulled = await pullModel(
      options,
      'someone/small',
      (bytes, size) => seen.push(bytes / size),
      signal,
    );
    assert.deepEqual(pulled, { name: 'someone/small@0123456' });
    assert.ok(seen.length > 0 && seen.every((share, i) => share <= 1 && share >= (seen[i - 1] ?? 0)));
    const models = await listModels(options);
    assert.deepEqual(
      models.map(({ name, kind, inUse }) => [name, kind, inUse]),
      [
        ['embedded', 'embedded', true],
        ['someone/small@0123456', 'pulled', false],
      ],
    );
  });

  it('fail with what the command line says', async () => {
    const { signal } = new AbortController();
    await assert.rejects(
      pullModel(options, 'someone/else', () => undefined, signal),
      { name: 'NeosearchError', message: /^127.*404.*Check the name/ },
    );
  });

  it('a pull is stopped', async () => {
    const stop = new AbortController();
    const other = { ...options, home: path.join(folder.dir, 'other') };
    hub.interfere = ({ at }) => {
      if (at === 'store') stop.abort();
      // Nobody answers.
      return at === 'store';
    };
    assert.equal(await pullModel(other, 'someone/small', () => undefined, stop.signal), undefined);
    assert.equal((await listModels(other)).length, 1);
  });
});

describe('a folder for a model', () => {
  it('holds weights or an export', async () => {
    assert.deepEqual(await missingModelFiles(path.join(process.cwd(), 'media/model')), []);
    assert.deepEqual(await missingModelFiles(FIXTURE), ['tokenizer.json']);
    assert.deepEqual(await missingModelFiles(path.join(process.cwd(), 'src')), [
      'config.json',
      'tokenizer.json',
      'model.safetensors / onnx/model.onnx',
    ]);
  });
});
