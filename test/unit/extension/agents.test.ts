import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mcpServer } from '../../../src/extension/agents/mcpServer';
import { searchParams, toolInput } from '../../../src/extension/agents/toolInput';
import { withinBudget } from '../../../src/extension/agents/withinBudget';

describe('toolInput', () => {
  it('fills in what a model left out', () => {
    const input = toolInput({ query: ' retry ' });
    assert.deepEqual(input, { query: 'retry', maxResults: 10, paths: [], languages: [], maxTokens: 4000 });
    assert.equal(searchParams(input).limit, 10);
  });

  it('bounds what a model asks for, and drops what is no text', () => {
    const input = toolInput({
      query: 'q',
      maxResults: 1e9,
      maxTokens: -5,
      paths: 'src/**',
      languages: ['go', 3, ''],
    });
    assert.deepEqual(input, {
      query: 'q',
      maxResults: 50,
      paths: ['src/**'],
      languages: ['go'],
      maxTokens: 200,
    });
  });

  it('tells the model what to send', () => {
    for (const input of [undefined, null, 'q', {}, { query: 3 }, { query: '  ' }]) {
      assert.throws(() => toolInput(input), { code: 'bad-argument', message: /query/ });
    }
  });
});

describe('withinBudget', () => {
  const render = (tokens: number): string => 'x'.repeat(tokens);

  it('takes the estimate where nobody counts', async () => {
    assert.equal((await withinBudget(render, 100)).length, 100);
  });

  it('shortens until the asker counts no more than the budget', async () => {
    const count = (text: string): Promise<number> => Promise.resolve(text.length * 2);
    const text = await withinBudget(render, 100, count);
    assert.ok(text.length <= 50 && text.length > 30, String(text.length));
  });
});

describe('mcpServer', () => {
  const defaults = {
    cli: '/ext/dist/cli.js',
    execPath: '/editor',
    model: '',
    indexLocation: '',
    chunkTokens: 0,
    threads: 0,
  };

  it('starts one server for all folders, with the editor as its runtime', () => {
    assert.deepEqual(mcpServer({ ...defaults, roots: ['/app', '/lib'] }), {
      command: '/editor',
      args: ['/ext/dist/cli.js', 'mcp', '--root', '/app', '--root', '/lib'],
      env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: null },
    });
  });

  it('reads the index that the editor writes', () => {
    const { args } = mcpServer({
      ...defaults,
      roots: ['/app'],
      model: '/m',
      indexLocation: '/i',
      chunkTokens: 512,
    });
    assert.deepEqual(args.slice(4), ['--index-dir', '/i', '--model', '/m', '--chunk-tokens', '512']);
  });
});
