/** Codes of failed responses: those that JSON-RPC and the language server protocol have for these cases. */
export const LSPErrorCodes = {
  /** Refused for a reason that the user can read. */
  failed: -32803,
  cancelled: -32800,
  /** An internal error. */
  bug: -32603,
} as const;
