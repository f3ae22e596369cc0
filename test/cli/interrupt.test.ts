/** Ctrl-C while a folder is indexed: exit code 130, and the next run goes on where this one stopped. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Sandbox } from './run';

interface Report {
  readonly files: number;
  readonly chunks: number;
  readonly embedded: number;
}

const FILES = 450;
const WORDS = 'harbour lantern copper violet orchard glacier saddle meadow anchor pepper window cedar'.split(
  ' ',
);

test('SIGINT stops cleanly and loses nothing that was finished', async () => {
  const sandbox = new Sandbox();
  const root = sandbox.at('many');
  for (let i = 0; i < FILES; i++) {
    const words = Array.from(
      { length: 60 },
      (_, k) => `${WORDS[(i * 7 + k * k) % WORDS.length] ?? ''}${i % (k + 2)}`,
    );
    sandbox.write(`many/note${i}.txt`, `${words.join(' ')}\n`);
  }
  const { indexDir } = await sandbox.json<{ indexDir: string }>(['status', '--root', root]);
  const database = path.join(indexDir, 'index.sqlite');

  let stored = 0;
  const stopped = await sandbox.run(['index', root, '--threads', '1'], {
    onStart: (child) => {
      void (async () => {
        while (child.exitCode === null && stored === 0) {
          await wait(20);
          stored = vectorsIn(database);
        }
        child.kill('SIGINT');
      })();
    },
  });
  assert.ok(stored > 0);
  // Windows has no SIGINT to send: the process is ended at once, and nothing may be lost all the same.
  if (process.platform !== 'win32') {
    assert.equal(stopped.code, 130);
    assert.equal(stopped.stdout, '');
    assert.match(stopped.stderr, /^Stopped\. [^\n]+\n$/);
  }

  const kept = vectorsIn(database);
  assert.ok(kept >= stored);
  const next = await sandbox.json<Report>(['index', root]);
  assert.equal(next.files, FILES);
  assert.equal(next.chunks, FILES);
  assert.equal(next.embedded, FILES - kept);
  assert.ok(next.embedded > 0, 'the first run was over before it could be stopped');
});

/** Vectors that are committed; 0 while there is no table of them. */
function vectorsIn(database: string): number {
  if (!existsSync(database)) return 0;
  const db = new DatabaseSync(database, { readOnly: true, timeout: 2000 });
  try {
    const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'embeddings'").get();
    if (table === undefined) return 0;
    return Number(db.prepare('SELECT count(*) AS count FROM embeddings').get()?.['count']);
  } finally {
    db.close();
  }
}
