/**
 * What serves agents, by others. The build makes a script of its own of it (dist/mcpSdk.js), loaded by `neosearch mcp`
 * alone: it is twice the size of all the rest, and every other command would wait for it to be read.
 */
export { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
export { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
export type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
export { z } from 'zod';
