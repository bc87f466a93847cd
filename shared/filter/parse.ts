import { alertStates } from '#shared/model/alert.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { readAge } from './age-text.ts';
import {
  fieldNames,
  matchOperators,
  maxFilterLength,
  maxFilterTerms,
  optionalFields,
  type FilterFault,
  type FilterField,
  type FilterTerm,
  type MatchOperator,
  type PlacedTerm,
} from './model.ts';
import { readQuoted } from './quoting.ts';

/** Reads a filter. The first fault ends it: what stands behind it cannot be told apart any more. */

const space = /\s*/y;
const bare = /\S*/y;
const labelName = /[\p{L}_][\p{L}\p{N}_.-]*(?=[=!]~|!?=)/uy;
const fieldName = /@[\p{L}\p{N}_-]*/uy;
const operator = /=~|!~|!=|[=<>]/y;
const operatorsInWords = `${matchOperators.slice(0, -1).join(', ')} or ${matchOperators.at(-1) ?? ''}`;

/** Ends the reading of a filter; caught at `parseFilter`. */
class Fault extends Error {
  readonly fault: FilterFault;
  constructor(fault: FilterFault) {
    super(fault.message);
    this.fault = fault;
  }
}

export function parseFilter(text: string): Result<readonly PlacedTerm[], FilterFault> {
  try {
    return success(new FilterReader(text).terms());
  } catch (error) {
    if (error instanceof Fault) return failed(error.fault);
    throw error;
  }
}

class FilterReader {
  readonly #text: string;
  #at = 0;
  #termFrom = 0;

  constructor(text: string) {
    this.#text = text;
  }

  terms(): readonly PlacedTerm[] {
    if (this.#text.includes('\u0000')) {
      this.#refuse(this.#text.indexOf('\u0000'), 'A filter has no NUL character.', '');
    }
    if (this.#text.length > maxFilterLength) {
      this.#refuse(maxFilterLength, `A filter has at most ${maxFilterLength} characters.`, '');
    }
    const terms: PlacedTerm[] = [];
    for (this.#take(space); this.#at < this.#text.length; this.#take(space)) {
      const from = this.#at;
      this.#termFrom = from;
      const term = this.#term();
      terms.push({ term, from, to: this.#at });
      if (terms.length > maxFilterTerms) {
        this.#refuse(from, `A filter has at most ${maxFilterTerms} terms.`, '');
      }
      // Matchers are also copied from where a comma stands between them.
      if (this.#text[this.#at - 1] === '"' && this.#text[this.#at] === ',') this.#at++;
    }
    return terms;
  }

  #term(): FilterTerm {
    const from = this.#at;
    if (this.#text[from] === '@') return this.#field();
    if (this.#text[from] === '"') {
      const name = this.#quoted('text');
      const found = this.#operator();
      if (found === undefined) return this.#closed({ kind: 'word', word: name });
      if (name === '') this.#refuse(from, 'A label has a name.', 'a name between the quotes');
      return this.#matcher(name, found);
    }
    const name = this.#take(labelName);
    const found = name === '' ? undefined : this.#operator();
    return found === undefined ? { kind: 'word', word: this.#take(bare) } : this.#matcher(name, found);
  }

  #matcher(name: string, found: MatchOperator): FilterTerm {
    return { kind: 'label', name, operator: found, value: this.#value(name) };
  }

  #field(): FilterTerm {
    const from = this.#at;
    const name = this.#take(fieldName).slice(1);
    if (name === 'age') return this.#age();
    const field = fieldNames.find((one) => one === name);
    if (field === undefined) {
      const known = ['age', ...fieldNames].map((one) => `@${one}`).join(', ');
      const said = name === '' ? 'A name is due behind the @.' : `There is no @${name}.`;
      this.#refuse(from, said, `${known}; in quotes it is searched for as text`);
    }
    const found = this.#operator();
    if (found !== undefined) return this.#fieldIs(field, found);
    const ends = this.#at === this.#text.length || /\s/.test(this.#text[this.#at] ?? '');
    if (ends && optionalFields.has(field)) return { kind: 'field', field, operator: '!=', value: '' };
    return this.#refuse(this.#at, `An operator is due behind @${field}.`, operatorsInWords);
  }

  #fieldIs(field: FilterField, found: MatchOperator): FilterTerm {
    const from = this.#at;
    const value = this.#value(`@${field}`);
    const isPattern = found === '=~' || found === '!~';
    if (field === 'state' && !isPattern && !alertStates.some((state) => state === value)) {
      this.#refuse(
        from,
        `No alert is in the state ${JSON.stringify(value.slice(0, 40))}.`,
        alertStates.join(', '),
      );
    }
    return { kind: 'field', field, operator: found, value };
  }

  #age(): FilterTerm {
    const from = this.#at;
    const found = this.#take(operator);
    if (found !== '<' && found !== '>') {
      this.#at = from;
      this.#refuse(from, 'An age is less or more than another.', '@age<5m or @age>1h30m');
    }
    const valueFrom = this.#at;
    const written = this.#take(bare);
    const ageMs = readAge(written);
    if (ageMs === undefined) {
      const said =
        written === '' ? 'An age is due here.' : `${JSON.stringify(written.slice(0, 40))} is no age.`;
      this.#refuse(valueFrom, said, 'numbers with s, m, h, d or w, up to ten years: 90s, 1h30m, 2d');
    }
    return { kind: 'age', operator: found, ageMs };
  }

  #operator(): MatchOperator | undefined {
    const from = this.#at;
    const found = this.#take(operator);
    const match = matchOperators.find((one) => one === found);
    if (match === undefined) this.#at = from;
    return match;
  }

  #value(of: string): string {
    const from = this.#at;
    if (this.#text[from] === '"') return this.#closed(this.#quoted('value'));
    if (/[=~]/.test(this.#text[from] ?? '')) {
      this.#refuse(from, 'A value that begins with = or ~ stands in quotes.', operatorsInWords);
    }
    const value = this.#take(bare);
    if (value === '') this.#refuse(from, `A value of ${of} is due here.`, 'a value, or "" for none');
    return value;
  }

  #quoted(what: string): string {
    const from = this.#at;
    const quoted = readQuoted(this.#text, from);
    if (quoted === undefined) {
      this.#at = this.#text.length;
      return this.#refuse(from, `The quote of this ${what} is not closed.`, '" at its end');
    }
    this.#at = quoted.to;
    return quoted.text;
  }

  /** Behind a closing quote nothing may be written on. */
  #closed<Value>(value: Value): Value {
    const next = this.#text[this.#at];
    if (next === undefined || next === ',' || /\s/.test(next)) return value;
    return this.#refuse(this.#at, 'A space is due behind the closing quote.', 'a space, or \\" for a quote');
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  /** The fault ends where the word does in which it stands. */
  #refuse(from: number, message: string, accepted: string): never {
    bare.lastIndex = from;
    const length = (bare.exec(this.#text) ?? [''])[0].length;
    const to = Math.max(this.#at, from + length);
    throw new Fault({ from, to, termFrom: this.#termFrom, message, accepted });
  }
}
