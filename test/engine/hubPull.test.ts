/** Models pulled from a hub: which files, to where, and what is kept when it does not go well. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { COMMIT, HubServer, send } from '../support/hubServer';
import { ProxyServer } from '../support/proxyServer';
import { NEOBERT, Puller, REPOSITORY, WEIGHTS } from './hubSupport';

const STAGE = path.join('home', 'models', 'someone--small-encoder', `${COMMIT}.part`);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

describe('pulling a model', () => {
  let hub: HubServer;
  let here: Puller;
  before(async () => {
    hub = await HubServer.start();
  });
  after(() => hub.close());
  beforeEach(() => {
    hub.reset();
    hub.add(REPOSITORY, NEOBERT);
    here = new Puller(hub);
  });
  afterEach(() => here[Symbol.dispose]());

  it('takes the files that the model needs, and knows it by its name from then on', async () => {
    const { folder, record, wasHere } = await here.pull();
    assert.equal(wasHere, false);
    assert.deepEqual(filesIn(folder), [
      '1_Pooling/config.json',
      'config.json',
      'model.safetensors',
      'pulled.json',
      'tokenizer.json',
    ]);
    assert.deepEqual(readFileSync(path.join(folder, 'model.safetensors')), WEIGHTS);
    assert.equal(record.commit, COMMIT);
    assert.equal(record.form, 'neobert');
    for (const name of [REPOSITORY, `${REPOSITORY}@main`, `${REPOSITORY}@0123456`]) {
      assert.equal(here.store.resolve(name), folder, name);
    }
    const last = here.progress.at(-1);
    assert.ok(last && last.bytes === last.size && last.size === record.bytes);
    assert.ok(
      here.progress.some(({ file, fileBytes }) => file === 'model.safetensors' && fileBytes < WEIGHTS.length),
    );
  });

  it('takes the rests of other pulls away', async () => {
    const rest = here.at('home', 'models', 'someone--small-encoder', `${'f'.repeat(40)}.part`);
    mkdirSync(rest, { recursive: true });
    await here.pull();
    assert.ok(!existsSync(rest));
  });

  it('asks for nothing but the commit when all is here', async () => {
    await here.pull();
    hub.requests.length = 0;
    const again = await here.pull();
    assert.equal(again.wasHere, true);
    assert.deepEqual([...hub.fetched('hub'), ...hub.fetched('store')], []);
  });

  it('shows the token to the hub, and not to the host that the hub sends it to', async () => {
    await here.pull(REPOSITORY, { env: { ...hub.env, HF_TOKEN: 'hf_secret' } });
    const seen = (at: string): Set<string | undefined> =>
      new Set(hub.requests.filter((request) => request.at === at).map(({ authorization }) => authorization));
    assert.deepEqual(seen('hub'), new Set(['Bearer hf_secret']));
    assert.deepEqual(seen('store'), new Set([undefined]));
  });

  it('finds the token in HF_HOME', async () => {
    mkdirSync(here.at('hf'));
    writeFileSync(here.at('hf', 'token'), 'hf_filed\n');
    await here.pull(REPOSITORY, { env: { ...hub.env, HF_HOME: here.at('hf') } });
    assert.equal(hub.requests[0]?.authorization, 'Bearer hf_filed');
  });

  it('goes on where an answer was cut', async () => {
    let cuts = 0;
    hub.interfere = ({ at, range }, response) => {
      if (at !== 'store' || cuts === 2) return false;
      cuts += 1;
      send(response, WEIGHTS, range, 100_000);
      return true;
    };
    const { folder } = await here.pull();
    assert.deepEqual(readFileSync(path.join(folder, 'model.safetensors')), WEIGHTS);
    const asked = hub.fetched('store');
    assert.equal(asked.length, 3);
    assert.match(asked[2] ?? '', /^model\.safetensors bytes=[1-9]\d*-$/);
    assert.equal(here.waits.length, 2);
  });

  it('goes on in another process where it was stopped', async () => {
    const stop = new AbortController();
    hub.interfere = ({ at, range }, response) => {
      if (at !== 'store') return false;
      send(response, WEIGHTS, range, 150_000);
      return true;
    };
    const onProgress = ({ file, fileBytes }: { file: string; fileBytes: number }): void => {
      if (file === 'model.safetensors' && fileBytes > 0) stop.abort();
    };
    await assert.rejects(here.pull(REPOSITORY, { signal: stop.signal, onProgress }), { name: 'AbortError' });
    const part = readFileSync(here.at(STAGE, 'model.safetensors.part'));
    assert.ok(part.length > 0 && part.length < WEIGHTS.length);
    assert.equal(here.store.list().length, 1);

    hub.interfere = () => false;
    hub.requests.length = 0;
    const { folder } = await here.pull();
    assert.deepEqual(readFileSync(path.join(folder, 'model.safetensors')), WEIGHTS);
    assert.deepEqual(hub.fetched('store'), [`model.safetensors bytes=${part.length}-`]);
    assert.ok(!hub.fetched('hub').includes('tokenizer.json'));
    assert.equal(existsSync(here.at(STAGE)), false);
  });

  it('begins anew where a server knows no ranges, and where what is here is not the begin of the file', async () => {
    mkdirSync(here.at(STAGE), { recursive: true });
    writeFileSync(here.at(STAGE, 'model.safetensors.part'), 'something else');
    const { folder } = await here.pull();
    assert.deepEqual(readFileSync(path.join(folder, 'model.safetensors')), WEIGHTS);

    using other = new Puller(hub);
    mkdirSync(other.at(STAGE), { recursive: true });
    writeFileSync(other.at(STAGE, 'model.safetensors.part'), WEIGHTS.subarray(0, 1000));
    hub.interfere = ({ at }, response) => {
      if (at === 'store') send(response, WEIGHTS, undefined);
      return at === 'store';
    };
    const pulled = await other.pull();
    assert.deepEqual(readFileSync(path.join(pulled.folder, 'model.safetensors')), WEIGHTS);
  });

  it('gives up on a file that comes no further, and keeps what there is', async () => {
    hub.interfere = ({ at, range }, response) => {
      if (at === 'store') send(response, WEIGHTS, range, range === undefined ? 1000 : 0);
      return at === 'store';
    };
    await assert.rejects(here.pull(), { code: 'hub-unavailable' });
    assert.deepEqual(readFileSync(here.at(STAGE, 'model.safetensors.part')), WEIGHTS.subarray(0, 1000));
  });

  for (const [what, bytes] of [
    ['other bytes', Buffer.alloc(WEIGHTS.length)],
    ['more bytes', Buffer.concat([WEIGHTS, WEIGHTS])],
  ] as const) {
    it(`deletes a file of ${what} than listed`, async () => {
      hub.interfere = ({ at, range }, response) => {
        if (at === 'store') send(response, bytes, range);
        return at === 'store';
      };
      await assert.rejects(here.pull(), { code: 'model-damaged', message: /model\.safetensors/ });
      assert.deepEqual(filesIn(here.at(STAGE)), ['1_Pooling/config.json', 'config.json', 'tokenizer.json']);
      assert.equal(here.store.list().length, 1);
    });
  }

  it('checks small files by the hash that Git gives them', async () => {
    hub.interfere = ({ url }, response) => {
      if (url.endsWith('/tokenizer.json')) send(response, Buffer.from('[]'), undefined);
      return url.endsWith('/tokenizer.json');
    };
    await assert.rejects(here.pull(), { code: 'model-damaged', message: /tokenizer\.json.*SHA-1/ });
  });
});

describe('what the hub answers', () => {
  let hub: HubServer;
  let here: Puller;
  before(async () => {
    hub = await HubServer.start();
  });
  after(() => hub.close());
  beforeEach(() => {
    hub.reset();
    hub.add(REPOSITORY, NEOBERT);
    here = new Puller(hub);
  });
  afterEach(() => here[Symbol.dispose]());

  /** Answers the first requests so. */
  function answerFirst(times: number, status: number, headers: Record<string, string> = {}): void {
    let left = times;
    hub.interfere = (_request, response) => {
      if (left === 0) return false;
      left -= 1;
      response.writeHead(status, headers).end('{}');
      return true;
    };
  }

  for (const status of [401, 403]) {
    it(`${status}: says what lets us in, and does not ask again`, async () => {
      answerFirst(1, status);
      await assert.rejects(here.pull(), { code: 'model-denied', message: /HF_TOKEN/ });
      assert.equal(hub.requests.length, 1);
    });
  }

  it('404: a repository or revision that does not exist', async () => {
    await assert.rejects(here.pull('someone/else'), { code: 'model-missing', message: /Check the name/ });
    await assert.rejects(here.pull(`${REPOSITORY}@v9`), {
      code: 'model-missing',
      message: /no such revision/,
    });
    assert.deepEqual(here.waits, []);
  });

  it('429: waits as long as it is asked to', async () => {
    answerFirst(2, 429, { 'retry-after': '7' });
    await here.pull();
    assert.deepEqual(here.waits, [7000, 7000]);
    assert.match(here.notes[0] ?? '', /429.*Again in 7\.0 s/);
  });

  it('429: an hour is too long', async () => {
    answerFirst(1, 429, { 'retry-after': '3600' });
    await assert.rejects(here.pull(), { code: 'hub-unavailable', message: /wait 3600 seconds/ });
    assert.deepEqual(here.waits, []);
  });

  it('503: tries again, later each time', async () => {
    answerFirst(3, 503);
    await here.pull();
    assert.equal(here.waits.length, 3);
    assert.ok(here.waits[0]! >= 500 && here.waits[1]! >= 1000 && here.waits[2]! >= 2000);
  });

  it('503: not for ever', async () => {
    answerFirst(100, 503);
    await assert.rejects(here.pull(), { code: 'hub-unavailable', message: /503/ });
    assert.equal(hub.requests.length, 5);
  });

  it('a page in place of an answer', async () => {
    answerFirst(1, 200);
    await assert.rejects(here.pull(), { code: 'hub-unavailable', message: /not answer as a hub/ });
    hub.interfere = (_request, response) => {
      response.setHeader('content-type', 'text/html').end('<html>Please log in</html>');
      return true;
    };
    await assert.rejects(here.pull(), { code: 'hub-unavailable', message: /HF_ENDPOINT and the proxy/ });
  });

  it('redirects in a circle, and one to a file of this machine', async () => {
    hub.interfere = ({ url }, response) => {
      response.writeHead(302, { location: url }).end();
      return true;
    };
    await assert.rejects(here.pull(), { code: 'hub-unavailable', message: /without an end/ });
    hub.interfere = (_request, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      return true;
    };
    await assert.rejects(here.pull(), { code: 'hub-unavailable', message: /not safe/ });
  });

  it('a proxy is asked in place of all hosts but those that NO_PROXY names', async () => {
    const proxy = await ProxyServer.start();
    try {
      const env = { ...hub.env, NO_PROXY: 'localhost', HTTP_PROXY: proxy.address };
      await here.pull(REPOSITORY, { env });
      const hosts = new Set(proxy.asked);
      assert.ok(hosts.has(new URL(hub.endpoint).host));
      assert.equal(hosts.size, 2);
      proxy.asked.length = 0;
      using other = new Puller(hub);
      await other.pull(REPOSITORY, { env: { ...env, NO_PROXY: '127.0.0.1' } });
      assert.deepEqual(proxy.asked, []);
      await assert.rejects(here.pull(REPOSITORY, { env: { ...env, HTTP_PROXY: 'none' } }), {
        code: 'bad-argument',
      });
    } finally {
      proxy.close();
    }
  });

  it('nobody there', async () => {
    const env = { HF_ENDPOINT: 'http://127.0.0.1:1', HF_HOME: '/nowhere', NO_PROXY: '127.0.0.1' };
    await assert.rejects(here.pull(REPOSITORY, { env }), {
      code: 'hub-unavailable',
      message: /cannot be reached/,
    });
  });

  it('nothing is asked with HF_HUB_OFFLINE, nor of an address that is none', async () => {
    await assert.rejects(here.pull(REPOSITORY, { env: { HF_HUB_OFFLINE: '1' } }), {
      code: 'hub-unavailable',
    });
    await assert.rejects(here.pull(REPOSITORY, { env: { HF_ENDPOINT: 'ftp://x' } }), {
      code: 'bad-argument',
    });
  });
});
