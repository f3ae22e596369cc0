/** The environment of the engine process: a copy of the editor's, without what would change how Node runs. */

/** Variables with these prefixes are the editor's own; some redirect what a child of it loads. */
const DROPPED_PREFIXES = ['ELECTRON_', 'VSCODE_'];
const DROPPED = new Set(['NODE_OPTIONS', 'NODE_REPL_EXTERNAL_MODULE', 'NODE_CHANNEL_FD', 'NODE_V8_COVERAGE']);

type Environment = Readonly<Record<string, string | undefined>>;

/** Names are compared without case, as Windows does. */
export function engineEnvironment(own: Environment): Record<string, string> {
  const copy: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    const upper = name.toUpperCase();
    if (value === undefined || DROPPED.has(upper)) continue;
    if (DROPPED_PREFIXES.some((prefix) => upper.startsWith(prefix))) continue;
    copy[name] = value;
  }
  // The editor's program runs as plain Node; Node itself does not mind.
  copy['ELECTRON_RUN_AS_NODE'] = '1';
  return copy;
}
