// What an operator can do, to one breaker or to all: a button each, and a dialog that names what is hit.

import {byId, el, setAttribute, setText} from './dom.js';
import {below} from './order.js';
import {names} from './text.js';

const TIMEOUT = 10_000;
const ACTOR = 'trading-breaker-actor';
/** OPEN until an operator resumes. */
const WAITING = 'WAITING';
const PASSES = 'Calls that reduce risk still pass.';

const ACTIONS = {
  halt: {
    word: 'Halt',
    effect: `The kill switch: every new call is refused until somebody resumes or resets. ${PASSES}`,
    denied: (states) => (states.length === 1 && states[0] === 'HALTED' ? 'It is halted already.' : null),
  },
  resume: {
    word: 'Resume',
    effect: 'Ends the halt or the wait the careful way: recovery is tested first, and trading goes on when it has passed.',
    denied: (states) => (states.includes('HALTED') || states.includes(WAITING) ? null : 'Resume is for what is halted or waits for it.'),
  },
  trip: {
    word: 'Trip',
    effect: `Pauses trading now, as if a limit had been passed; recovery runs by itself. ${PASSES}`,
    denied: (states) => (states.includes('HALTED') ? 'What is halted cannot trip.'
      : states.length === 1 && (states[0] === 'OPEN' || states[0] === WAITING) ? 'It is open already.' : null),
  },
  reset: {
    word: 'Reset',
    effect: 'Closes at once, with a fresh window and without any test. Trading goes on immediately.',
    denied: () => null,
  },
};

const stateOf = (row) => (row?.awaitsResume ? WAITING : row?.state);

/** A page inside another one may be made to look like something else. */
const isFramed = window.top !== window.self;

export class Actions {
  #feed = null;
  #order = null;
  #all;

  constructor() {
    byId('dialog-cancel').addEventListener('click', () => byId('dialog').close());
    byId('dialog-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#all = this.buttons(null, byId('actions-all'), byId('hint-all'));
  }

  /**
   * Fills a group with buttons.
   *
   * @param name the breaker's; null for all
   * @param hint an element that says why a button is off
   */
  buttons(name, group, hint) {
    const buttons = {};
    for (const [action, {word}] of Object.entries(ACTIONS)) {
      const button = el('button', {type: 'button', 'data-action': action, 'aria-describedby': hint.id},
        name === null ? `${word} all` : word);
      button.addEventListener('click', () => {
        const why = this.#denied(action, name);
        if (why === null) {
          this.#open(action, name);
        } else {
          setText(hint, why);
        }
      });
      buttons[action] = button;
    }
    group.replaceChildren(...Object.values(buttons));
    return {name, buttons, hint};
  }

  show(feed) {
    this.#feed = feed;
    this.showGroup(this.#all);
  }

  /** Off but not out of reach: who comes to a button that is off is told why. */
  showGroup({name, buttons, hint}) {
    const reasons = [];
    for (const [action, button] of Object.entries(buttons)) {
      const why = this.#denied(action, name);
      setAttribute(button, 'aria-disabled', why === null ? null : 'true');
      setAttribute(button, 'title', why);
      if (why !== null && !reasons.includes(why)) {
        reasons.push(why);
      }
    }
    setText(hint, reasons.join(' '));
  }

  #denied(action, name) {
    if (this.#feed === null) {
      return 'Not known yet.';
    }
    if (isFramed) {
      return 'This page is inside another one: open it in a window of its own to act.';
    }
    if (!this.#feed.actions.allowed) {
      return this.#feed.actions.why;
    }
    if (name === null) {
      return ACTIONS[action].denied([...this.#feed.rows.values()].map(stateOf).concat('all'));
    }
    return ACTIONS[action].denied([stateOf(this.#feed.rows.get(name))]);
  }

  #open(action, name) {
    const rows = this.#feed.rows;
    const {word, effect} = ACTIONS[action];
    const what = name === null ? `all ${rows.size} breakers` : name;
    const levels = name === null ? [] : below(name, rows);
    this.#order = {action, name};
    setText(byId('dialog-title'), `${word} ${what}?`);
    setText(byId('dialog-text'), effect);
    setText(byId('dialog-hit'), name === null
      ? `Hits ${names([...rows.keys()])}${action === 'halt' ? ', and every breaker that is made later' : ''}.`
      : `Hits ${name}${levels.length > 0 ? `, and with it the calls through ${names(levels)}` : ''}.`);
    setText(byId('dialog-do'), `${word} ${what}`);
    setAttribute(byId('dialog-do'), 'data-action', action);
    byId('dialog-error').hidden = true;
    byId('dialog-reason').value = '';
    byId('dialog-actor').value = remembered();
    byId('dialog').showModal();
    byId('dialog-reason').focus();
  }

  async #send() {
    const {action, name} = this.#order;
    const actor = byId('dialog-actor').value.trim();
    const body = {action, reason: byId('dialog-reason').value.trim(), ...(actor === '' ? {} : {actor})};
    const button = byId('dialog-do');
    button.disabled = true;
    try {
      remember(actor);
      await post(name, body);
      byId('dialog').close();
      setText(byId('news'), `Done: ${action} ${name ?? 'all breakers'}.`);
      this.#feed.soon(0);
      setTimeout(() => this.#feed.soon(0), 600); // the server renews its rows twice a second
    } catch (error) {
      setText(byId('dialog-error'), String(error.message));
      byId('dialog-error').hidden = false;
    } finally {
      button.disabled = false;
    }
  }
}

async function post(name, body) {
  const base = new URL(document.documentElement.dataset.breakers, document.baseURI);
  const url = name === null ? base : new URL(`${base.pathname.split('/').pop()}/${encodeURIComponent(name)}`, base);
  const token = cookie('XSRF-TOKEN');
  let answer;
  try {
    answer = await fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      headers: {'Content-Type': 'application/json', ...(token === null ? {} : {'X-XSRF-TOKEN': token})},
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch {
    throw new Error('No answer from the server. It may or may not have been done: look at the state.');
  }
  if (answer.ok) {
    return;
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new Error(`Refused (${answer.status}): you may not do this, or you are not logged in any more.`);
  }
  const refusal = await answer.json().catch(() => ({}));
  const allowed = Array.isArray(refusal.allowed) && refusal.allowed.length > 0 ? ` Possible now: ${names(refusal.allowed)}.` : '';
  throw new Error(`Refused (${answer.status}): ${refusal.error ?? 'no reason was given'}.${allowed}`);
}

function cookie(name) {
  const found = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`));
  return found === undefined ? null : decodeURIComponent(found.slice(name.length + 1));
}

function remembered() {
  try { return localStorage.getItem(ACTOR) ?? ''; } catch { return ''; }
}

function remember(actor) {
  try { localStorage.setItem(ACTOR, actor); } catch { /* asked for again next time */ }
}
