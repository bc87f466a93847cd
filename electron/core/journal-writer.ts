import { DurableWriter, type Journal } from '#core/incidents/durable-writer.ts';
import type { NoticeBoard } from '#core/notices.ts';
import { commandFailure } from '#shared/failure.ts';

/** The journal's writer, whose troubles stand on the board of notices until they are over. */
export function journalWriter(journal: Journal, notices: NoticeBoard): DurableWriter {
  return new DurableWriter({
    journal,
    onTrouble: (failure) => notices.follow('journal', failure, Date.now()),
    onRefused: ({ message, nextStep }, { kind }) => {
      const told = `A change (${kind}) is shown but not kept: ${message}`;
      const refused = commandFailure('invalid-input', told, nextStep);
      notices.follow(`journal-refused-${kind}`, refused, Date.now());
    },
  });
}
