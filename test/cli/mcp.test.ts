/** `neosearch mcp`: a client that speaks the protocol lists the tools and calls each. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Sandbox } from './run';

interface Place {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}
interface Hits {
  readonly hits: readonly (Place & { readonly code: string; readonly copies?: readonly Place[] })[];
  readonly left: number;
  readonly notes: readonly string[];
}
interface Related {
  readonly files: readonly { readonly path: string; readonly pairs: readonly unknown[] }[];
  readonly notes: readonly string[];
}
interface Status {
  readonly folders: readonly { readonly root: string; readonly files: number; readonly pending: number }[];
}

const SEARCH = ['search', (content: unknown) => content as Hits] as const;
const SIMILAR = ['similar', (content: unknown) => content as Hits] as const;
const RELATED = ['related', (content: unknown) => content as Related] as const;
const STATUS = ['status', (content: unknown) => content as Status] as const;

const sandbox = new Sandbox();
const clients: Client[] = [];
after(() => Promise.all(clients.map((client) => client.close())));

/** A server in a process of its own. */
async function serve(...roots: string[]): Promise<{ client: Client; stderr: () => string }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [
      path.resolve('dist/cli.js'),
      'mcp',
      '--threads',
      '1',
      ...roots.flatMap((root) => ['--root', root]),
    ],
    env: { ...definedVariables(), NEOSEARCH_HOME: sandbox.home },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  clients.push(client);
  return { client, stderr: () => stderr };
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Calls a tool that must answer; gives its text and its structured content, in the shape that its schema says. */
async function call<T>(
  client: Client,
  [name, shape]: readonly [name: string, shape: (content: unknown) => T],
  args: object,
): Promise<{ text: string; content: T }> {
  const result = await client.callTool({ name, arguments: { ...args } });
  assert.notEqual(result.isError, true, JSON.stringify(result.content));
  return { text: textOf(result), content: shape(result.structuredContent) };
}

function textOf(result: Awaited<ReturnType<Client['callTool']>>): string {
  const [first] = result.content as { type: string; text: string }[];
  assert.equal(first?.type, 'text');
  return first.text;
}

async function refusal(client: Client, name: string, args: object): Promise<string> {
  const result = await client.callTool({ name, arguments: { ...args } });
  assert.equal(result.isError, true);
  const text = textOf(result);
  return text;
}

describe('neosearch mcp', () => {
  let root: string;
  let client: Client;
  let stderr: () => string;
  before(async () => {
    root = sandbox.corpus('project');
    ({ client, stderr } = await serve(root));
  });

  test('says what it is and describes its tools', async () => {
    assert.equal(client.getServerVersion()?.name, 'neosearch');
    assert.match(client.getInstructions() ?? '', /meaning/);
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), ['related', 'search', 'similar', 'status']);
    for (const { description, inputSchema, outputSchema, annotations } of tools) {
      assert.ok((description ?? '').length > 40);
      assert.equal(inputSchema.type, 'object');
      assert.equal(outputSchema?.type, 'object');
      assert.equal(annotations?.readOnlyHint, true);
    }
    const search = tools.find(({ name }) => name === 'search');
    assert.deepEqual(search?.inputSchema.required, ['query']);
  });

  test('search gives places with their code, in text and as values', async () => {
    const { text, content } = await call(client, SEARCH, {
      query: 'overlap of two rectangles',
      limit: 5,
    });
    assert.ok(content.hits.length > 0 && content.hits.length <= 5);
    const [best] = content.hits;
    assert.match(best?.path ?? '', /^geometry\//);
    assert.ok(text.startsWith(`1. ${best?.path}:${best?.startLine}-${best?.endLine}`), text);
    assert.ok(text.includes(best?.code ?? '?'));
  });

  test('search keeps to its filters and to the token budget', async () => {
    const query = 'send a mail';
    const { content } = await call(client, SEARCH, { query, paths: ['docs/**'], kind: 'docs' });
    assert.ok(content.hits.length > 0 && content.hits.every((hit) => hit.path.startsWith('docs/')));
    const small = await call(client, SEARCH, { query, limit: 30, maxTokens: 200 });
    const large = await call(client, SEARCH, { query, limit: 30, maxTokens: 8000 });
    assert.ok(small.text.length < 1000, String(small.text.length));
    assert.ok(small.content.left > 0 && small.content.hits.length < large.content.hits.length);
  });

  test('similar leaves the place out; a text needs no place', async () => {
    const { content } = await call(client, SEARCH, { query: 'overlap of two rectangles', limit: 1 });
    const [{ path: file, startLine, endLine, code }] = content.hits as [Hits['hits'][number]];
    const near = await call(client, SIMILAR, { path: file, startLine, endLine, limit: 5 });
    assert.ok(near.content.hits.length > 0);
    for (const hit of near.content.hits) {
      assert.ok(hit.path !== file || hit.startLine > endLine || hit.endLine < startLine);
    }
    const same = await call(client, SIMILAR, { text: code, limit: 3 });
    assert.equal(same.content.hits[0]?.path, file);
    const whole = await call(client, SIMILAR, { path: path.join(root, file), limit: 3 });
    assert.ok(whole.content.hits.every((hit) => hit.path !== file));
  });

  test('related names files and why; status names folders', async () => {
    const { content } = await call(client, SEARCH, { query: 'overlap of two rectangles', limit: 1 });
    const file = content.hits[0]?.path ?? '';
    const related = await call(client, RELATED, { path: file, limit: 3 });
    assert.ok(related.content.files.length > 0 && related.content.files.length <= 3);
    assert.ok(related.content.files.every(({ path: other, pairs }) => other !== file && pairs.length > 0));
    assert.match(related.text, /similarity 0\.\d\d/);
    const status = await call(client, STATUS, {});
    assert.deepEqual(
      status.content.folders.map((folder) => [folder.root, folder.pending]),
      [[root, 0]],
    );
    assert.ok(status.text.includes(root));
  });

  test('a file that was written is found, one that was deleted is not', async () => {
    const file = path.join(root, 'added.ts');
    writeFileSync(file, '/** Feeds the giraffes of the zoo at noon. */\nexport function feedGiraffes() {}\n');
    // A folder that was compared with its index a moment ago is not compared again.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const { content } = await call(client, SEARCH, { query: 'giraffes', limit: 1 });
    assert.equal(content.hits[0]?.path, 'added.ts');
    rmSync(file);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const gone = await call(client, SEARCH, { query: 'giraffes', limit: 5 });
    assert.ok(gone.content.hits.every((hit) => hit.path !== 'added.ts'));
  });

  test('another command can write the index meanwhile', async () => {
    const { code, stderr: problem } = await sandbox.run(['index', '--root', root]);
    assert.equal(code, 0, problem);
  });

  test('what is wrong is told as an error of the tool, in one line', async () => {
    assert.match(await refusal(client, 'related', { path: 'nothing/here.ts' }), /^There is no file [^\n]+$/);
    assert.match(await refusal(client, 'similar', {}), /^Give `path`[^\n]+$/);
    assert.match(await refusal(client, 'search', { query: 'a lang:klingon' }), /^"klingon"[^\n]+$/);
    assert.match(await refusal(client, 'search', { query: '' }), /query/);
    assert.match(
      await refusal(client, 'similar', { path: 'README.md', startLine: 9, endLine: 3 }),
      /endLine/,
    );
    assert.equal(stderr(), '');
  });

  test('several folders are one answer, with absolute paths', async () => {
    const mail = sandbox.corpus('mail-only', ['mail']);
    const shapes = sandbox.corpus('shapes-only', ['geometry']);
    const { client: both } = await serve(mail, shapes);
    const { content } = await call(both, SEARCH, { query: 'overlap of two rectangles', limit: 10 });
    assert.ok(content.hits[0]?.path.startsWith(shapes.split(path.sep).join('/')));
    const status = await call(both, STATUS, {});
    assert.deepEqual(
      status.content.folders.map((folder) => folder.root),
      [mail, shapes],
    );
    const related = await call(both, RELATED, { path: content.hits[0]?.path });
    assert.ok(related.content.files.length > 0);
  });

  test('ends when its client is gone; refuses a folder that is not there', async () => {
    const { code, stdout } = await sandbox.run(['mcp', '--root', root], { input: '' });
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(await sandbox.refusal(['mcp', '--root', sandbox.at('missing')]), /missing/);
    assert.match(await sandbox.refusal(['mcp', 'folder']), /--root/);
  });
});
