import type { BookDraft } from '#core/incidents/incident-book.ts';
import type { CommandName, Commands } from '#shared/contract.ts';
import type { CommandFailure } from '#shared/failure.ts';
import { messageOf, type Result } from '#shared/result.ts';
import type { CallContext, Handlers } from '#shared/rpc/server.ts';
import { plainText } from '#shared/text.ts';
import { auditRules, readingCommands, type AuditRule } from './audited-commands.ts';

/**
 * Lets every command that changes something leave a line in the audit trail: who, what, to what, and what
 * became of it. What a part tells in the transaction that does it is not told again here; what it refuses
 * is, and so is a bug.
 */
export interface AuditedServices {
  readonly desk: { record(change: (draft: BookDraft) => void): Promise<void> };
  readonly operator: () => string;
  readonly nowMs: () => number;
}

/** What the wrapper knows of any handler; the contract has checked the input before it. */
type AnyHandler = (input: unknown, context: CallContext) => Promise<Result<unknown, CommandFailure>>;

const maxText = 1_000;

export function audited(handlers: Handlers<Commands>, services: AuditedServices): Handlers<Commands> {
  const wrapped = Object.entries(handlers).map(([name, handler]) => {
    const command = name as CommandName;
    if (readingCommands.has(command)) return [name, handler];
    return [name, auditedHandler(handler as AnyHandler, ruleOf(command), services)];
  });
  return Object.fromEntries(wrapped) as Handlers<Commands>;
}

function ruleOf(command: CommandName): AuditRule<unknown> {
  const known: Readonly<Record<string, unknown>> = auditRules;
  const rule = Object.hasOwn(known, command) ? (known[command] as AuditRule<unknown>) : undefined;
  const unknown = { action: command, target: () => '', detail: () => '', counts: () => true };
  return rule ?? { ...unknown, tellsSuccess: false };
}

function auditedHandler(
  handler: AnyHandler,
  rule: AuditRule<unknown>,
  { desk, operator, nowMs }: AuditedServices,
): AnyHandler {
  const tell = (input: unknown, outcome: string, cause: string): Promise<void> => {
    const detail = [rule.detail(input), cause].filter((part) => part !== '').join(': ');
    const record = {
      atMs: nowMs(),
      by: operator(),
      action: rule.action,
      target: plainText(rule.target(input), maxText),
      outcome,
      detail: plainText(detail, maxText),
    };
    return desk.record((draft) => draft.addChange({ kind: 'audit', record }));
  };
  return async (input, context) => {
    if (!rule.counts(input)) return handler(input, context);
    let answer: Result<unknown, CommandFailure>;
    try {
      answer = await handler(input, context);
    } catch (error) {
      await tell(input, 'internal', messageOf(error));
      throw error;
    }
    if (!answer.ok) await tell(input, answer.failure.code, answer.failure.message);
    else if (!rule.tellsSuccess) await tell(input, 'done', '');
    return answer;
  };
}
