// Browsers refuse an address that changes more than 200 times in half a minute, and say so in the console.

const BURST = 20;
/** Milliseconds until one more change is allowed. */
const REFILL = 250;

/** Calls at once while there is credit, else once when there is some again. */
export function createThrottle(
  call: () => void,
  now: () => number = () => performance.now(),
  later: (act: () => void, delay: number) => unknown = setTimeout,
): () => void {
  let credit = BURST;
  let last = now();
  let waiting = false;
  const spend = () => {
    credit = Math.min(BURST, credit + (now() - last) / REFILL);
    last = now();
    if (credit < 1) return false;
    credit--;
    call();
    return true;
  };
  return () => {
    if (waiting || spend()) return;
    waiting = true;
    later(() => {
      waiting = false;
      if (!spend()) call();
    }, REFILL);
  };
}
