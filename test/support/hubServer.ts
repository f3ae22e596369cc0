/**
 * A server that speaks the part of the hub's API that pulling uses, and a second one, on another port, for its large
 * files: the hub sends whoever asks for one of those to another host.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

export interface HubFile {
  readonly bytes: Buffer;
  /** Whether Git LFS holds it: it has a SHA-256, and lies on the other host. */
  readonly large: boolean;
}

export interface HubRequest {
  readonly at: 'hub' | 'store';
  /** With its query. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

/** Answers in place of the server; false: the server answers as it would. */
export type Interference = (request: HubRequest, response: ServerResponse) => boolean;

export class HubServer {
  readonly requests: HubRequest[] = [];
  readonly repositories = new Map<string, ReadonlyMap<string, HubFile>>();
  /** By name; all of them are of the one commit. */
  readonly revisions = new Set(['main', 'HEAD', COMMIT]);
  interfere: Interference = () => false;
  /** Paths that the listing holds beside the files. */
  listedToo: readonly object[] = [];

  private constructor(
    private readonly hub: Server,
    private readonly store: Server,
  ) {}

  static async start(): Promise<HubServer> {
    const hub = createServer();
    const store = createServer();
    for (const server of [hub, store]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    const running = new HubServer(hub, store);
    hub.on('request', (request, response) => running.answer('hub', request, response));
    store.on('request', (request, response) => running.answer('store', request, response));
    return running;
  }

  /** As it was at first, without repositories. */
  reset(): void {
    this.requests.length = 0;
    this.repositories.clear();
    this.interfere = () => false;
    this.listedToo = [];
  }

  close(): void {
    for (const server of [this.hub, this.store]) {
      server.closeAllConnections();
      server.close();
    }
  }

  get endpoint(): string {
    return addressOf(this.hub);
  }

  /** The environment of a client that asks this hub. */
  get env(): Record<string, string> {
    return { HF_ENDPOINT: this.endpoint, HF_HOME: '/nowhere', NO_PROXY: '127.0.0.1' };
  }

  /** A repository of these files; those that end in .safetensors or lie in onnx/ are large. */
  add(name: string, files: Readonly<Record<string, string | Buffer>>): void {
    const entries = Object.entries(files).map(([path, content]): [string, HubFile] => [
      path,
      { bytes: Buffer.from(content), large: /\.safetensors$|^onnx\/|\.onnx/.test(path) },
    ]);
    this.repositories.set(name, new Map(entries));
  }

  /** Requests for files, as `path` or `path bytes=5-`. */
  fetched(at: 'hub' | 'store'): string[] {
    return this.requests
      .filter((request) => request.at === at && !request.url.startsWith('/api/'))
      .map(({ url, range }) =>
        [url.replace(/^.*?([^/]+\/)?(resolve|blob)\/[0-9a-f]{40}\//, ''), range].filter(Boolean).join(' '),
      );
  }

  private answer(at: 'hub' | 'store', request: IncomingMessage, response: ServerResponse): void {
    const { authorization, range } = request.headers;
    const seen: HubRequest = { at, url: request.url ?? '', authorization, range };
    this.requests.push(seen);
    if (this.interfere(seen, response)) return;
    const url = new URL(seen.url, this.endpoint);
    const [, name = '', rest = ''] = /^\/(?:api\/models\/)?([^/]+\/[^/]+)\/(.*)$/.exec(url.pathname) ?? [];
    const [action = '', revision = '', ...parts] = rest.split('/').map(decodeURIComponent);
    const files = this.repositories.get(name);
    const file = files?.get(parts.join('/'));
    if (url.pathname === '/api/models') this.offer(url, response);
    else if (files === undefined) refuse(response, 'RepoNotFound');
    else if (!this.revisions.has(revision)) refuse(response, 'RevisionNotFound');
    else if (url.pathname.startsWith('/api/')) {
      const value =
        action === 'tree' ? [...listing(files), ...this.listedToo] : { _id: '1', id: name, sha: COMMIT };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    } else if (file === undefined) refuse(response, 'EntryNotFound');
    else if (at === 'hub' && file.large) {
      response.writeHead(302, { location: `${addressOf(this.store)}${url.pathname}` }).end();
    } else send(response, file.bytes, range);
  }

  /** All repositories whose name holds the words; those that are asked for by a tag have it. */
  private offer(url: URL, response: ServerResponse): void {
    const words = url.searchParams.get('search') ?? '';
    const models = [...this.repositories.keys()]
      .filter((name) => name.includes(words))
      .map((id) => ({
        _id: '1',
        id,
        private: false,
        gated: false,
        downloads: 7,
        likes: 1,
        lastModified: '2025-01-01',
      }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(models));
  }
}

/** Sends a file or the end of it. @param cutAt bytes of the answer after which the connection breaks */
export function send(
  response: ServerResponse,
  bytes: Buffer,
  range: string | undefined,
  cutAt?: number,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const body = bytes.subarray(start);
  response.setHeader('content-length', body.length);
  if (range !== undefined)
    response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  response.statusCode = range === undefined ? 200 : 206;
  if (cutAt === undefined) response.end(body);
  else response.write(body.subarray(0, cutAt), () => setTimeout(() => response.destroy(), 20));
}

function listing(files: ReadonlyMap<string, HubFile>): object[] {
  return [...files].map(([path, { bytes, large }]) => {
    const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return {
      type: 'file',
      path,
      size: bytes.length,
      oid: blob,
      ...(large ? { lfs: { oid: sha256, size: bytes.length, pointerSize: 130 } } : {}),
    };
  });
}

function refuse(response: ServerResponse, code: string): void {
  response.writeHead(404, { 'x-error-code': code }).end();
}

function addressOf(server: Server): string {
  const address = server.address() as AddressInfo;
  return `http://127.0.0.1:${address.port}`;
}
