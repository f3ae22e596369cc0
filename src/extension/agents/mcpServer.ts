/** How the MCP server of this installation is started on the folders of a workspace, for agents in the editor. */

export interface McpServer {
  readonly command: string;
  readonly args: readonly string[];
  /** null removes a variable. */
  readonly env: Readonly<Record<string, string | null>>;
}

export interface McpOptions {
  /** Absolute paths of the folders, one at least. */
  readonly roots: readonly string[];
  /** Absolute path of dist/cli.js. */
  readonly cli: string;
  /** The editor's own runtime. */
  readonly execPath: string;
  /** As the user set them, so that the server reads the index that the editor writes; empty and 0: by default. */
  readonly model: string;
  readonly indexLocation: string;
  readonly chunkTokens: number;
  readonly threads: number;
}

export function mcpServer(options: McpOptions): McpServer {
  const { roots, cli, execPath } = options;
  const flags = [
    ['--index-dir', options.indexLocation],
    ['--model', options.model],
    ['--chunk-tokens', options.chunkTokens > 0 ? String(options.chunkTokens) : ''],
    ['--threads', options.threads > 0 ? String(options.threads) : ''],
  ].filter(([, value]) => value !== '');
  return {
    command: execPath,
    args: [cli, 'mcp', ...roots.flatMap((root) => ['--root', root]), ...flags.flat()],
    // Flags meant for the editor's own processes would reach this one too.
    env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: null },
  };
}
