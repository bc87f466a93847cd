import { useEffect, useState } from 'react';

/** Said when nobody types any more: a count for each letter would drown the letters. */
const pauseMs = 900;

interface MatchCountProps {
  readonly shown: number;
  readonly isFiltered: boolean;
}

/** Tells a screen reader what the filter leaves; it draws nothing. */
export function MatchCount({ shown, isFiltered }: MatchCountProps) {
  const [words, setWords] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setWords(isFiltered ? wordsOf(shown) : ''), pauseMs);
    return () => clearTimeout(timer);
  }, [shown, isFiltered]);
  return (
    <p className="unseen" role="status">
      {words}
    </p>
  );
}

function wordsOf(shown: number): string {
  if (shown === 0) return 'No incident matches the filter';
  return shown === 1 ? '1 incident matches the filter' : `${shown} incidents match the filter`;
}
