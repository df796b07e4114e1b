// What the server says: asks again and again, notices when it is silent or was started anew.

const PERIOD = 1000;
const TIMEOUT = 5000;
const LONGEST_WAIT = 5000;
const STALE_AFTER = 3500;

const COLUMNS = ['name', 'parent', 'state', 'mode', 'since', 'reason', 'p50', 'p95', 'p99', 'limit',
  'inFlight', 'oldest', 'total', 'rejected', 'awaitsResume'];

export class Feed {
  rows = new Map();
  trace = null;
  view = null;
  actions = {allowed: false, why: 'Not known yet.'};
  interval = 2000;
  history = 600_000;
  restarted = false;
  #selected = null;
  #version = '';
  #born = null;
  #lastAnswer = null;
  #skew = 0;
  #failures = 0;
  #trouble = '';
  #timer = 0;
  #asking = null;
  #listener;

  /** @param listener called with this after each answer, and each second while there is none */
  constructor(listener) {
    this.#listener = listener;
    document.addEventListener('visibilitychange', () => document.hidden || this.soon(0));
    setInterval(() => this.isStale && !document.hidden && listener(this, []), PERIOD);
  }

  /** The server's time. */
  get now() { return Date.now() + this.#skew; }

  get isStale() { return this.#lastAnswer !== null && Date.now() - this.#lastAnswer > STALE_AFTER; }

  get isSilent() { return this.#failures > 0; }

  /** The time of the last answer, by the clock of this machine. */
  get lastAnswer() { return this.#lastAnswer; }

  get trouble() { return this.#trouble; }

  get selected() { return this.#selected; }

  select(name) {
    if (name !== this.#selected) {
      this.#selected = name;
      this.trace = null;
      this.view = null;
      this.#asking?.abort();
      this.#asking = null;
      this.soon(0);
    }
  }

  /** Asks in so many milliseconds. */
  soon(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    if (document.hidden) {
      return; // goes on when the page is seen again
    }
    const began = performance.now();
    const selected = this.#selected;
    const asking = new AbortController();
    this.#asking = asking;
    const timeout = setTimeout(() => asking.abort(), TIMEOUT);
    try {
      const answer = await fetch(this.#url(), {signal: asking.signal, cache: 'no-store', credentials: 'same-origin'});
      if (!answer.ok) {
        throw new Error(answer.status === 401 || answer.status === 403
          ? `access was refused (${answer.status}); log in again` : `the server answered ${answer.status}`);
      }
      if (!(answer.headers.get('Content-Type') ?? '').includes('json')) {
        throw new Error('something else answered, such as a login page; log in again');
      }
      const state = await answer.json();
      if (selected === this.#selected) {
        this.#take(state);
      }
    } catch (error) {
      if (selected === this.#selected) {
        this.#failures++;
        this.#trouble = error.name === 'AbortError' ? 'no answer in time' : String(error.message);
        this.#listener(this, []);
      }
    } finally {
      clearTimeout(timeout);
      if (asking === this.#asking) {
        const wait = this.#failures === 0 ? PERIOD : Math.min(LONGEST_WAIT, PERIOD * 2 ** (this.#failures - 1));
        this.soon(Math.max(0, wait - (this.#failures === 0 ? performance.now() - began : 0)));
      }
    }
  }

  #url() {
    const url = new URL('state', import.meta.url);
    url.searchParams.set('since', this.#version);
    if (this.#selected !== null) {
      url.searchParams.set('breaker', this.#selected);
      url.searchParams.set('from', this.trace?.next ?? 0);
    }
    return url;
  }

  #take(state) {
    this.#failures = 0;
    this.#trouble = '';
    this.#lastAnswer = Date.now();
    this.#skew = state.now - Date.now();
    this.restarted = this.#born !== null && this.#born !== state.born;
    if (this.#born !== state.born) {
      this.trace = null;
    }
    this.#born = state.born;
    this.#version = state.version;
    this.interval = state.interval;
    this.history = state.history;
    this.actions = state.actions;
    this.view = state.view;
    const changed = this.#takeRows(state);
    if (state.trace !== null) {
      this.#takeTrace(state.trace);
    }
    this.#listener(this, changed);
  }

  /** Returns the rows whose state is another than before. */
  #takeRows(state) {
    const before = this.restarted ? new Map() : this.rows;
    const changed = [];
    if (state.complete) {
      this.rows = new Map();
    }
    for (const cells of state.rows) {
      const row = Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i]]));
      const old = before.get(row.name);
      row.rate = old?.rate ?? null;
      row.counted = old?.counted ?? {total: row.total, at: state.now};
      if (old !== undefined && old.state !== row.state) {
        changed.push(row);
      }
      this.rows.set(row.name, row);
    }
    for (const row of this.rows.values()) {
      const seconds = (state.now - row.counted.at) / 1000;
      if (seconds >= 1.9) {
        row.rate = Math.max(0, row.total - row.counted.total) / seconds;
        row.counted = {total: row.total, at: state.now};
      }
    }
    return changed;
  }

  #takeTrace(part) {
    const columns = part.columns;
    const old = this.trace;
    if (old === null || old.name !== part.name || old.next !== part.first) {
      this.trace = part;
      return;
    }
    const most = Math.ceil(this.history / this.interval);
    const grown = (a, b) => a.concat(b).slice(-most);
    old.next = part.next;
    old.times = grown(old.times, part.times);
    for (const [name, values] of Object.entries(columns)) {
      old.columns[name] = old.columns[name] === undefined ? values : grown(old.columns[name], values);
    }
  }
}
