import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { SharedEncoder } from '../../src/engine/workspace/sharedEncoder';
import { installation } from './workspaceSupport';

describe('the encoder of a workspace', () => {
  const shared = new SharedEncoder({
    modelDir: installation.model,
    workerPath: installation.encoderWorker,
    threads: 1,
    idleMs: 30,
  });
  after(() => shared.close());

  it('starts again after it has ended for want of work, and counts meanwhile', async () => {
    const encoder = await shared.open();
    const [first] = await encoder.encode(['retry a download'], 'query');
    const tokens = encoder.count('retry a download');
    await wait(200);
    assert.ok(tokens > 0);
    assert.equal(encoder.count('retry a download'), tokens);
    const [second] = await encoder.encode(['retry a download'], 'query');
    assert.deepEqual(second, first);
    assert.equal(first?.length, (await shared.info()).dimensions);
  });

  it('finishes what it has when another number of threads is wanted', async () => {
    const encoder = await shared.open();
    const texts = Array.from({ length: 40 }, (_, i) => `export const value${i} = ${i} * compute(${i});`);
    const before = encoder.encode(texts, 'passage');
    shared.setThreads(2);
    const after = encoder.encode(texts.slice(0, 1), 'passage');
    assert.equal((await before).length, 40);
    const [vector] = await after;
    const [same] = await before;
    assert.ok(vector !== undefined && same !== undefined);
    assert.ok(vector.every((value, i) => Math.abs(value - (same[i] ?? 0)) < 1e-4));
  });
});
