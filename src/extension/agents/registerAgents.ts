/** What agents get: a tool for the editor's chat, and a server for all that speak MCP. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { mayRun } from '../engineClient/mayRun';
import type { FeatureContext } from '../features';
import { CONFIGURATION_SECTION, MCP_PROVIDER, SETTING, TOOL } from '../ids';
import { mcpServer } from './mcpServer';
import { SearchTool } from './searchTool';

export function registerAgents(ctx: FeatureContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.lm.registerTool(TOOL.search, new SearchTool(ctx)),
    registerMcpProvider(ctx),
  );
}

/** What the server is started with. */
const MCP_SETTINGS = [SETTING.model, SETTING.indexLocation, SETTING.chunkTokens, SETTING.threads];

function registerMcpProvider(ctx: FeatureContext): vscode.Disposable {
  // Editors built on older sources have no such API.
  if (!('registerMcpServerDefinitionProvider' in vscode.lm)) return new vscode.Disposable(() => undefined);
  const changed = new vscode.EventEmitter<void>();
  let wasOn = mayRun(ctx.engine.state);
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (MCP_SETTINGS.some((key) => event.affectsConfiguration(`${CONFIGURATION_SECTION}.${key}`)))
        changed.fire();
    }),
    ctx.engine.onDidChangeState((state) => {
      if (wasOn === mayRun(state)) return;
      wasOn = !wasOn;
      changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider(MCP_PROVIDER, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => (mayRun(ctx.engine.state) ? definitions(ctx) : []),
    }),
  );
}

function definitions(ctx: FeatureContext): vscode.McpServerDefinition[] {
  const settings = vscode.workspace.getConfiguration(CONFIGURATION_SECTION);
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const [first] = folders;
  if (first === undefined) return [];
  const { command, args, env } = mcpServer({
    roots: folders.map(({ uri }) => uri.fsPath),
    cli: path.join(ctx.extension.extensionPath, 'dist', 'cli.js'),
    execPath: process.execPath,
    model: settings.get<string>(SETTING.model, ''),
    indexLocation: settings.get<string>(SETTING.indexLocation, ''),
    chunkTokens: settings.get<number>(SETTING.chunkTokens, 0),
    threads: settings.get<number>(SETTING.threads, 0),
  });
  const { version } = ctx.extension.extension.packageJSON as { readonly version: string };
  const server = new vscode.McpStdioServerDefinition('Neosearch', command, [...args], { ...env }, version);
  server.cwd = first.uri;
  return [server];
}
