/**
 * The hub's own client, and an HTTP client that knows proxies, by others. The build makes a script of its own of them
 * (dist/hubLibraries.js), loaded when something is asked of the hub: every other command starts without it.
 */
export { listFiles, listModels, modelInfo } from '@huggingface/hub';
export type { ListFileEntry } from '@huggingface/hub';
export { EnvHttpProxyAgent, fetch } from 'undici';
