import type { SourceFailure } from '#shared/failure.ts';
import type { HttpAnswer } from '../http-message.ts';
import { sourceFailure } from '../source-failure.ts';
import { failureOfAlertmanager, wordsOf } from './answers.ts';
import type { SilenceTrouble } from './model.ts';

/**
 * What an answer to a change of a silence means. Handlers refuse with a JSON text, the framework around them
 * with an object that has a code of its own. Measured on 0.25 and 0.33; source: prometheus/alertmanager
 * api/v2/api.go, postSilencesHandler and deleteSilenceHandler.
 */

/** The codes of the framework, go-openapi. */
const framework = { wrongType: 601, required: 602, tooFewItems: 612 } as const;

/** @returns null for a success. */
export function silenceTroubleOf(answer: HttpAnswer): SilenceTrouble | null {
  const failure = failureOfAlertmanager(answer);
  if (failure === null) return null;
  const { status } = answer;
  const words = wordsOf(answer.body) ?? '';
  // Expiring what is not there is 500 in 0.25, 404 since 0.26; posting with an unknown id is 404 in both.
  if (status === 404 ? isOfThisApi(answer) : status === 500 && words === 'silence not found') {
    const nextStep = 'Reload the silences: it was removed, or another server of the cluster has it.';
    return trouble('unknown', 'bad-query', 'The server has no such silence.', nextStep, status);
  }
  if (status === 415) {
    const nextStep = 'A proxy in between changes the Content-Type of requests: let it pass as it is.';
    return trouble('refused', 'not-this-api', failure.message, nextStep, status);
  }
  if (status === 400 || status === 422) {
    return trouble('refused', failure.code, failure.message, nextStepFor(answer, words), status);
  }
  if (status === 429) return { kind: 'unsent', failure };
  return { kind: status >= 500 ? 'uncertain' : 'refused', failure };
}

/** What became of a change that no answer came to. */
export function silenceTroubleOfSilentServer(failure: SourceFailure): SilenceTrouble {
  switch (failure.code) {
    case 'refused':
    case 'unknown-host':
    case 'rate-limited':
    case 'misconfigured':
      return { kind: 'unsent', failure };
    default:
      return { kind: 'uncertain', failure };
  }
}

function nextStepFor({ body }: HttpAnswer, words: string): string {
  switch (frameworkCodeOf(body)) {
    case framework.wrongType:
      return 'Check the kind of the value that the server names; an id is that of a silence in its list.';
    case framework.required:
      return 'Fill in what the server names.';
    case framework.tooFewItems:
      return 'Give at least one matcher.';
    default:
      return nextStepForWords(words);
  }
}

function nextStepForWords(words: string): string {
  if (/invalid label name/.test(words))
    return 'Use letters, digits and underscores in names: other names need Alertmanager 0.27 or later.';
  if (/invalid regular expression/.test(words))
    return 'Write the expression as RE2 takes it: no look-around and no back-references.';
  if (/must not match the empty string/.test(words))
    return 'Add a matcher that an alert without the label does not fulfil.';
  if (/maximum number of silences|size|limit/.test(words))
    return "Expire what is no longer needed, or raise the server's limit for silences.";
  if (/time/.test(words)) return 'Correct the start and the end of the silence.';
  return "Correct the silence; the message is the server's own.";
}

function frameworkCodeOf(body: Uint8Array): number | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    const isError = typeof json === 'object' && json !== null && 'code' in json;
    return isError && typeof json.code === 'number' ? json.code : null;
  } catch {
    return null;
  }
}

/** A silence that is not there is answered without a body, or with words; another server answers with a page. */
function isOfThisApi({ body, mediaType }: HttpAnswer): boolean {
  return body.byteLength === 0 || (mediaType.endsWith('json') && wordsOf(body) === 'silence not found');
}

function trouble(
  kind: SilenceTrouble['kind'],
  code: SourceFailure['code'],
  message: string,
  nextStep: string,
  status: number,
): SilenceTrouble {
  return { kind, failure: sourceFailure(code, message, nextStep, { status }) };
}
