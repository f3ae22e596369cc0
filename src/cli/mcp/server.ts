/** The MCP server: search, similar, related and status as tools. */
import { agentAnswer, type AgentHit } from '../../base/agentText';
import { isAbort } from '../../base/cancellation';
import { NeosearchError } from '../../base/errors';
import { relatedInWorkspace, searchWorkspace, similarInWorkspace } from '../../engine/search/workspace';
import type { Folders } from './folders';
import { placeAsked, type SimilarInput } from './placeAsked';
import { relatedText } from './relatedText';
import { hitsOutput, relatedInput, relatedOutput, searchInput, similarInput, statusOutput } from './schemas';
import { type CallToolResult, McpServer } from './sdk';

/** Set by the build, from package.json. */
declare const NEOSEARCH_VERSION: string;

const INSTRUCTIONS =
  'Neosearch finds code and documentation of this workspace by meaning, on this machine. Use `search` when you ' +
  'do not know the words that the code uses; ask in plain words for what the code does. Use `similar` for other ' +
  'places that do what some lines do, and `related` for files that belong with a file.';

/** Lines of a hit: whole functions, where the budget allows. */
const SNIPPET_LINES = 80;
/** Hits of one file: an agent reads on in the file by itself. */
const PER_FILE = 3;

const READ_ONLY = { readOnlyHint: true, openWorldHint: false } as const;

/** @param log told of what should not happen */
export function mcpServer(folders: Folders, log: (line: string) => void): McpServer {
  const server = new McpServer(
    { name: 'neosearch', title: 'Neosearch', version: NEOSEARCH_VERSION },
    { instructions: INSTRUCTIONS },
  );
  server.registerTool(
    'search',
    {
      title: 'Search by meaning',
      description:
        'Finds code and documentation by what it does, also where it shares no word with the question. Gives the ' +
        'best places with path, line range, enclosing symbols and code.',
      inputSchema: searchInput,
      outputSchema: hitsOutput,
      annotations: READ_ONLY,
    },
    (input, { signal }) =>
      answering(log, async () => {
        const { query, paths, languages, kind, includeTests, limit, maxTokens } = input;
        const { hits, notes } = await folders.ask(
          (shop) =>
            searchWorkspace(
              shop,
              {
                query,
                paths,
                languages,
                kind,
                includeTests,
                limit,
                mode: 'hybrid',
                perFile: PER_FILE,
                snippetLines: SNIPPET_LINES,
              },
              signal,
            ),
          signal,
        );
        return hitsResult(folders, hits, notes, maxTokens);
      }),
  );
  server.registerTool(
    'similar',
    {
      title: 'Find similar code',
      description:
        'Finds the places that do the same as, or much like, some lines of a file or a piece of code; those lines ' +
        'themselves are left out and identical copies are one place. Use it before writing something that may exist, ' +
        'or to change every place that does the same.',
      inputSchema: similarInput,
      outputSchema: hitsOutput,
      annotations: READ_ONLY,
    },
    (input: SimilarInput, { signal }) =>
      answering(log, async () => {
        const asked = placeAsked(folders, input);
        const { hits, notes } = await folders.ask(
          (shop) =>
            similarInWorkspace(shop, { ...asked, limit: input.limit, snippetLines: SNIPPET_LINES }, signal),
          signal,
        );
        return hitsResult(folders, hits, notes, input.maxTokens);
      }),
  );
  server.registerTool(
    'related',
    {
      title: 'Find related files',
      description:
        'Names the files that belong with a file by meaning, each with the pairs of places that are closest. Use it ' +
        'to learn what else to read or change along with a file.',
      inputSchema: relatedInput,
      outputSchema: relatedOutput,
      annotations: READ_ONLY,
    },
    ({ path, limit, maxTokens }, { signal }) =>
      answering(log, async () => {
        const { root, path: own } = folders.placeOf(path);
        const { files, reason } = await folders.ask(
          (shop) => relatedInWorkspace(shop, { root, path: own, limit }, signal),
          signal,
        );
        const shown = files.map((file) => ({
          path: folders.shown(file.root, file.path),
          language: file.language,
          pairs: file.pairs.map(({ own: mine, other, similarity }) => ({
            own: side(mine),
            other: side(other),
            similarity,
          })),
        }));
        const notes = [...folders.notes(), ...(reason === undefined ? [] : [reason])];
        const encoder = await folders.encoder();
        const fitting = relatedText(shown, { maxTokens, notes, count: (text) => encoder.count(text) });
        return result(fitting.text, { files: shown.slice(0, fitting.shown), notes });
      }),
  );
  server.registerTool(
    'status',
    {
      title: 'Show index status',
      description:
        'Says which folders are indexed, how many files and chunks, and whether indexing is complete.',
      inputSchema: {},
      outputSchema: statusOutput,
      annotations: READ_ONLY,
    },
    () =>
      answering(log, async () => {
        const states = await folders.status();
        const notes = folders.notes();
        const lines = states.map(
          ({ root, exists, files, chunks, pending, encoder, device }) =>
            `${root}: ${exists ? `${files} files, ${chunks} chunks${pending > 0 ? ` (${pending} without a vector yet)` : ''}` : 'no index yet'}; ${encoder} on ${device}`,
        );
        const shown = states.map(({ root, exists, files, chunks, pending, encoder, device, indexDir }) => ({
          root,
          exists,
          files,
          chunks,
          pending,
          encoder,
          device,
          indexDir,
        }));
        return result([...notes, ...lines].join('\n'), { folders: shown, notes });
      }),
  );
  return server;
}

interface FoundHit extends AgentHit {
  readonly root: string;
  readonly copies: readonly { root: string; path: string; startLine: number; endLine: number }[];
}

async function hitsResult(
  folders: Folders,
  found: readonly FoundHit[],
  notes: readonly string[],
  maxTokens: number,
): Promise<CallToolResult> {
  const encoder = await folders.encoder();
  const hits = found.map((hit) => ({
    ...hit,
    path: folders.shown(hit.root, hit.path),
    copies: hit.copies.map(({ root, path, startLine, endLine }) => ({
      path: folders.shown(root, path),
      startLine,
      endLine,
    })),
  }));
  const said = [...folders.notes(), ...notes];
  const answer = agentAnswer(hits, { maxTokens, notes: said, count: (text) => encoder.count(text) });
  return result(answer.text, {
    hits: answer.hits.map((hit) => ({
      path: hit.path,
      startLine: hit.startLine,
      endLine: hit.endLine,
      language: hit.language,
      breadcrumb: [...hit.breadcrumb],
      ...(hit.similarity === undefined ? {} : { similarity: hit.similarity }),
      code: hit.snippet,
      codeStartLine: hit.snippetLine,
      ...(hit.copies === undefined || hit.copies.length === 0 ? {} : { copies: hit.copies }),
    })),
    left: answer.left,
    notes: said,
  });
}

function side(of: { startLine: number; endLine: number; breadcrumb: readonly string[] }): {
  startLine: number;
  endLine: number;
  breadcrumb: string[];
} {
  return { startLine: of.startLine, endLine: of.endLine, breadcrumb: [...of.breadcrumb] };
}

function result(text: string, structuredContent: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent };
}

/** What goes wrong is an answer as well: one line that says what to do. */
async function answering(
  log: (line: string) => void,
  answer: () => Promise<CallToolResult>,
): Promise<CallToolResult> {
  try {
    return await answer();
  } catch (error) {
    if (isAbort(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof NeosearchError)) log(error instanceof Error ? (error.stack ?? message) : message);
    return { content: [{ type: 'text', text: message }], isError: true };
  }
}
