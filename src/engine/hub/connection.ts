/**
 * Requests to the hub and to where it sends us: with the token for the hub alone, through the environment's proxies,
 * and again after a while when the hub is busy.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAbort } from '../../base/cancellation';
import { messageOf, NeosearchError, systemCodeOf } from '../../base/errors';
import type { HubSettings } from './environment';
import { EnvHttpProxyAgent, fetch } from './libraries';

type Answer = Awaited<ReturnType<typeof fetch>>;

export interface ConnectionOptions extends HubSettings {
  readonly signal: AbortSignal;
  /** Told why the next attempt comes later. */
  readonly log: (line: string) => void;
  /** Waits; given by tests. */
  readonly wait?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Attempts of one request. */
export const ATTEMPTS = 5;
/** Milliseconds before the second attempt; each further one waits twice as long. */
const BACKOFF = 500;
/** Milliseconds that we wait at most because the hub asks for it. Longer is the user's decision. */
const PATIENCE = 60_000;
const MOST_REDIRECTS = 10;
/** Milliseconds without a byte, or without an answer. */
const SILENCE = 30_000;

export class Connection {
  private readonly agent: EnvHttpProxyAgent;

  constructor(private readonly options: ConnectionOptions) {
    this.agent = new EnvHttpProxyAgent({
      ...options.proxies,
      headersTimeout: SILENCE,
      bodyTimeout: SILENCE,
      connect: { timeout: SILENCE },
    });
  }

  get endpoint(): string {
    return this.options.endpoint.href.replace(/\/+$/, '');
  }

  /** For the hub's client, which asks for JSON. Answers are always ones of success. */
  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    const accept = new Headers(init?.headers).get('accept') ?? 'application/json';
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.get(url, { accept });
      try {
        const link = answer.headers.get('link');
        const type = answer.headers.get('content-type') ?? '';
        const body = await answer.arrayBuffer();
        return new Response(body, { headers: { 'content-type': type, ...(link === null ? {} : { link }) } });
      } catch (error) {
        await this.pause(attempt, undefined, this.cut(url, error));
      }
    }
  };

  /**
   * Gets an address, by way of redirects and repeated attempts.
   * @returns an answer of success; or one with status 416, where a range was asked for
   * @throws NeosearchError `model-denied` (401, 403), `model-missing` (404), `hub-unavailable` for all else
   * @throws AbortError
   */
  async get(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.attempt(url, headers);
      if (answer instanceof NeosearchError) {
        await this.pause(attempt, undefined, answer);
        continue;
      }
      if (answer.ok || (answer.status === 416 && headers['range'] !== undefined)) return answer;
      const failure = failureOf(answer, url);
      await answer.body?.cancel();
      const passing = answer.status === 429 || answer.status === 408 || answer.status >= 500;
      if (!passing) throw failure;
      await this.pause(attempt, retryAfter(answer.headers.get('retry-after')), failure);
    }
  }

  /** @param asked milliseconds that the hub wants us to wait; @throws `failure` where that is too long, or after the last attempt */
  async pause(attempt: number, asked: number | undefined, failure: NeosearchError): Promise<void> {
    const { signal, log, wait = pauseFor } = this.options;
    if (asked !== undefined && asked > PATIENCE) {
      const seconds = Math.ceil(asked / 1000);
      throw new NeosearchError(failure.code, `${failure.message} It asks to wait ${seconds} seconds.`, {
        cause: failure,
      });
    }
    if (attempt >= ATTEMPTS) throw failure;
    const delay = asked ?? BACKOFF * 2 ** (attempt - 1) * (1 + Math.random() / 4);
    log(`${failure.message} Again in ${(delay / 1000).toFixed(1)} s.`);
    await wait(delay, signal);
  }

  /** What it means that an answer ended before it was whole; @throws AbortError if it was us who ended it */
  cut(url: string, error: unknown): NeosearchError {
    this.options.signal.throwIfAborted();
    if (isAbort(error)) throw error;
    return unreachable(new URL(url), error);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async attempt(
    first: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer | NeosearchError> {
    const { endpoint, signal, token } = this.options;
    let url = new URL(first);
    try {
      for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
        const own = url.origin === endpoint.origin;
        const answer = await fetch(url, {
          // Compressed bodies could neither be resumed nor measured.
          headers: {
            'accept-encoding': 'identity',
            ...headers,
            ...(own && token !== undefined ? { authorization: `Bearer ${token}` } : {}),
          },
          redirect: 'manual',
          dispatcher: this.agent,
          signal,
        });
        const to = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
        if (to === null) return answer;
        await answer.body?.cancel();
        url = redirected(url, to);
      }
    } catch (error) {
      if (error instanceof NeosearchError) throw error;
      return this.cut(url.href, error);
    }
    throw new NeosearchError(
      'hub-unavailable',
      `${first} leads from one address to the next without an end. Check HF_ENDPOINT.`,
    );
  }
}

function redirected(from: URL, to: string): URL {
  const url = URL.parse(to, from.href);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:');
  if (url !== null && safe) return url;
  throw new NeosearchError(
    'hub-unavailable',
    `${from.host} sends us to "${to}", where it is not safe to go. Check HF_ENDPOINT.`,
  );
}

/** What a user should know of an answer that is none of success. */
function failureOf(answer: Answer, url: string): NeosearchError {
  const host = new URL(url).host;
  switch (answer.status) {
    case 401:
    case 403:
      return new NeosearchError(
        'model-denied',
        `${host} does not let us in (${answer.status}): the repository is private, asks for its terms to be accepted on its page, or does not exist. Check the name; then set HF_TOKEN to a token that may read it.`,
      );
    case 404:
      return new NeosearchError('model-missing', missingText(host, answer.headers.get('x-error-code')));
    case 429:
      return new NeosearchError(
        'hub-unavailable',
        `${host} has been asked too often (429). With HF_TOKEN set it allows more.`,
      );
    default:
      return new NeosearchError(
        'hub-unavailable',
        `${host} does not answer as it should (${answer.status}). Try again later.`,
      );
  }
}

function missingText(host: string, code: string | null): string {
  switch (code) {
    case 'RevisionNotFound':
      return `The repository on ${host} has no such revision (404). Name a branch, a tag or a commit of it.`;
    case 'EntryNotFound':
      return `The repository on ${host} does not have a file that it lists (404). Try again later.`;
    case null:
    default:
      return `${host} has no such repository or revision (404). Check the name.`;
  }
}

function unreachable(url: URL, error: unknown): NeosearchError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const reason = [systemCodeOf(cause), messageOf(cause)]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
  return new NeosearchError(
    'hub-unavailable',
    `${url.host} cannot be reached (${reason}). Check the network, HTTPS_PROXY and HF_ENDPOINT.`,
    { cause: error },
  );
}

/** Milliseconds that a Retry-After header asks for: seconds, or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}
