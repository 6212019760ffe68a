/** One request of the tour, in short. */
export interface Exchange {
  /** What was asked, e.g. `POST /todos {"title":"…"}`. */
  readonly request: string;
  /** What came back, e.g. `201 {"id":"…"}`. */
  readonly answer: string;
}

/** Characters of an answer that are shown. */
const SHOWN = 100;

/** An answer on one line, cut to what is shown of it. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
