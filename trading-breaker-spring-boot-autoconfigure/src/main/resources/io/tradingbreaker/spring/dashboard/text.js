// Figures and times in words.

const WHOLE = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const TENTHS = new Intl.NumberFormat('en', {minimumFractionDigits: 1, maximumFractionDigits: 1});

export const count = (number) => (number === null || number === undefined ? '–' : WHOLE.format(number));

export const rate = (number) => (number === null ? '–' : number >= 10 || number === 0 ? WHOLE.format(number) : TENTHS.format(number));

/** Milliseconds; above 10 s in seconds. */
export function millis(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  if (value >= 10_000) {
    return `${TENTHS.format(value / 1000)} s`;
  }
  return `${value >= 1000 ? WHOLE.format(value) : TENTHS.format(value)} ms`;
}

/** A limit, as it is set: without a fraction that is none. */
export const limit = (value) => millis(value).replace('.0 ', ' ');

export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${seconds % 60} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

export const clock = (ms) => new Date(ms).toLocaleTimeString('en-GB');

/** With the day, where it is not today. */
export function moment(ms) {
  const date = new Date(ms);
  return date.toDateString() === new Date().toDateString() ? clock(ms) : `${date.toLocaleDateString('en-GB')} ${clock(ms)}`;
}

/** "a, b and 3 more". */
export function names(all, most = 6) {
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}
