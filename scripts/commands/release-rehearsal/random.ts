/**
 * Numbers of 0 or more, below 1, that look random and are the same for the same seed: sfc32 by Chris Doty-Humphrey, in its public
 * domain form (PractRand), which JavaScript computes in whole numbers of 32 bits.
 */
export function randomOf(seed: number): () => number {
  let a = seed >>> 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Until the seed has reached all of the state.
  for (let round = 0; round < 15; round++) next();
  return next;
}
