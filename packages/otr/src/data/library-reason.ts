/** What the tokenizers library gives as its reason, which may hold a whole token. */
export function libraryReason(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.length > 300 ? `${reason.slice(0, 300)}...` : reason;
}
