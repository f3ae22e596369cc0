/** What the environment says of the hub, by the variables that its other clients read. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { messageOf, NeosearchError, systemCodeOf } from '../../base/errors';

export type HubEnvironment = Readonly<Partial<Record<string, string>>>;

export interface HubSettings {
  /** Address of the hub, without a slash at its end. */
  readonly endpoint: URL;
  readonly token: string | undefined;
  readonly proxies: Proxies;
}

/** Addresses of proxies; the empty string for none. */
export interface Proxies {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  /** Hosts that are asked directly, comma-separated. */
  readonly noProxy: string;
}

const HUB = 'https://huggingface.co';

/**
 * - HF_ENDPOINT: the address of the hub or of a mirror
 * - HF_TOKEN, else the file that HF_TOKEN_PATH names, else `token` in HF_HOME (by default
 *   $XDG_CACHE_HOME/huggingface or ~/.cache/huggingface)
 * - HF_HUB_OFFLINE: nothing is asked of the hub
 * - HTTPS_PROXY, HTTP_PROXY, NO_PROXY, also in small letters
 * @throws NeosearchError `bad-argument` for an address that is none; `hub-unavailable` with HF_HUB_OFFLINE;
 * `permission-denied` for a file of the token that may not be read
 */
export function hubSettings(env: HubEnvironment = process.env, home = homedir()): HubSettings {
  const offline = env['HF_HUB_OFFLINE'] ?? '';
  if (/^(1|true|yes|on)$/i.test(offline)) {
    throw new NeosearchError(
      'hub-unavailable',
      'HF_HUB_OFFLINE is set: nothing is asked of the hub. Unset it to pull.',
    );
  }
  return { endpoint: endpointOf(env['HF_ENDPOINT']), token: tokenOf(env, home), proxies: proxiesOf(env) };
}

function endpointOf(stated: string | undefined): URL {
  const text = stated === undefined || stated.trim() === '' ? HUB : stated.trim();
  const url = URL.parse(text.replace(/\/+$/, ''));
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '') return url;
  throw new NeosearchError(
    'bad-argument',
    `HF_ENDPOINT is "${text}", which is no address of a hub (https://...).`,
  );
}

function proxiesOf(env: HubEnvironment): Proxies {
  const value = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? '';
  const address = (name: string): string => {
    const text = value(name);
    if (text === '' || URL.canParse(text)) return text;
    throw new NeosearchError(
      'bad-argument',
      `${name} is "${text}", which is no address of a proxy (http://...).`,
    );
  };
  const httpProxy = address('HTTP_PROXY');
  return { httpProxy, httpsProxy: address('HTTPS_PROXY') || httpProxy, noProxy: value('NO_PROXY') };
}

function tokenOf(env: HubEnvironment, home: string): string | undefined {
  const stated = env['HF_TOKEN']?.trim() ?? '';
  if (stated !== '') return stated;
  const file = env['HF_TOKEN_PATH'] ?? path.join(hubHome(env, home), 'token');
  try {
    const token = readFileSync(file, 'utf8').trim();
    return token === '' ? undefined : token;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new NeosearchError(
      'permission-denied',
      `The token of the hub in ${file} cannot be read: ${messageOf(error)}. Make it readable, or set HF_TOKEN.`,
      { cause: error },
    );
  }
}

function hubHome(env: HubEnvironment, home: string): string {
  const stated = env['HF_HOME'];
  if (stated !== undefined && stated !== '') return stated.replace(/^~(?=$|[\\/])/, home);
  const cache = env['XDG_CACHE_HOME'];
  return path.join(cache === undefined || cache === '' ? path.join(home, '.cache') : cache, 'huggingface');
}
