/** A list of alerts is taken up to here: some 120,000 alerts of the usual size. */
export const largestListBytes = 96 * 1_048_576;
