// One breaker in full.

import {Chart} from './chart.js';
import {badge, byId, el, setAttribute, setText, showState, stateWord} from './dom.js';
import {pausedBy} from './order.js';
import {count, limit, millis, moment, rate, span} from './text.js';

const MEANING = {
  CLOSED: 'Calls pass and are measured.',
  OPEN: 'Trading is paused; calls that reduce risk pass.',
  HALF_OPEN: 'A few trial calls decide whether trading goes on.',
  HALTED: 'Stopped by an operator; only an operator ends it.',
};

const FIGURES = ['P99', 'P95', 'P50', 'Limit', 'Window', 'In flight', 'Oldest call', 'Calls/s', 'Refused', 'Failed', 'Slow (hung)'];

export class Card {
  #actions;
  #chart = new Chart();
  #parts = null;
  #name = null;
  #told = '';
  #timer = null;

  constructor(actions) {
    this.#actions = actions;
  }

  show(feed) {
    const row = feed.rows.get(feed.selected);
    if (row === undefined) {
      return;
    }
    if (this.#name !== row.name) {
      this.#make(row.name);
    }
    const parts = this.#parts;
    const above = pausedBy(row, feed.rows);
    showState(parts.state, row.state);
    setText(parts.since, `for ${span(feed.now - row.since)}`);
    setText(parts.mode, row.mode);
    setAttribute(parts.mode, 'data-mode', row.mode);
    parts.parent.replaceChildren(...(row.parent === null ? []
      : ['below ', el('a', {href: `#breaker/${row.parent}`}, row.parent)]));
    setText(parts.meaning, `${row.mode === 'observe' && row.state === 'OPEN' ? 'Observing only: nothing is refused here.' : MEANING[row.state]}${
      above === null ? '' : ` Its level ${above} pauses it.`}`);
    this.#actions.showGroup(parts.buttons);
    if (feed.view === null || feed.trace === null) {
      return;
    }
    this.#showReason(feed.view);
    this.#showFigures(feed.view, row);
    this.#showRecovery(feed);
    this.#showTransitions(feed.view.transitions);
    this.#showConfig(feed.view.config);
    parts.chart.hidden = false;
    this.#chart.show(feed);
  }

  #make(name) {
    this.#name = name;
    this.#told = '';
    const hint = el('p', {class: 'hint', id: 'hint-card'});
    const group = el('div', {class: 'actions', role: 'group', 'aria-label': `Actions on ${name}`});
    const figures = Object.fromEntries(FIGURES.map((figure) => [figure, el('dd', {}, '–')]));
    const parts = {
      state: badge('CLOSED'),
      since: el('span', {class: 'soft'}),
      mode: el('span', {class: 'mode'}),
      parent: el('span', {class: 'soft'}),
      meaning: el('p', {class: 'meaning'}),
      reason: el('p', {class: 'reason', hidden: true}),
      figures,
      chart: this.#chart.element,
      recovery: el('dl', {class: 'facts'}),
      transitions: el('tbody'),
      config: el('pre', {tabindex: '0', 'aria-label': 'Effective settings'}),
    };
    const table = el('table', {class: 'transitions'},
      el('thead', {}, el('tr', {}, ...['At', 'From', 'To', 'Rule', 'Why', 'Who'].map((word) => el('th', {scope: 'col'}, word)))),
      parts.transitions);
    parts.chart.hidden = true;
    this.#parts = parts;
    byId('card').replaceChildren(
      el('div', {class: 'head'},
        el('div', {class: 'title'}, el('h2', {id: 'card-title'}, name), parts.state, parts.since, parts.mode, parts.parent),
        group),
      hint, parts.meaning, parts.reason,
      el('dl', {class: 'figures'}, ...FIGURES.map((figure) => el('div', {'data-figure': figure}, el('dt', {}, figure), figures[figure]))),
      el('h3', {}, 'Latency'), parts.chart,
      el('h3', {}, 'Recovery'), parts.recovery,
      el('h3', {id: 'transitions-title'}, 'History of transitions'),
      el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'transitions-title'}, table),
      el('details', {}, el('summary', {}, 'Effective settings'), parts.config));
    parts.buttons = this.#actions.buttons(name, group, hint);
  }

  #showReason(view) {
    const reason = this.#parts.reason;
    reason.hidden = view.reason === null;
    if (view.reason !== null) {
      setAttribute(reason, 'data-state', view.state);
      const actor = view.transitions[0]?.actor;
      setText(reason, `${view.reason.rule}: ${view.reason.message}${actor ? ` (${actor})` : ''}`);
    }
  }

  #showFigures(view, row) {
    const {latency, window, inFlight, calls} = view;
    const values = {
      P50: millis(latency.p50), P95: millis(latency.p95), P99: millis(latency.p99), Limit: limit(row.limit),
      Window: `${count(window.over)} over, ${count(window.allowed)} allowed of ${count(window.samples)}`,
      'In flight': count(inFlight.count), 'Oldest call': millis(inFlight.oldestMillis), 'Calls/s': rate(row.rate),
      Refused: `${count(calls.rejected)}${calls.wouldReject > 0 ? ` (+${count(calls.wouldReject)} would be)` : ''}`,
      Failed: count(calls.failed), 'Slow (hung)': `${count(calls.slow)} (${count(calls.stalled)})`,
    };
    for (const [figure, value] of Object.entries(values)) {
      setText(this.#parts.figures[figure], value);
    }
    const level = latency.p99 === null ? null : latency.p99 > row.limit ? 'over' : latency.p99 > 0.8 * row.limit ? 'near' : null;
    setAttribute(this.#parts.figures.P99.parentElement, 'data-level', level);
  }

  #showRecovery(feed) {
    const {recovery, state, window, config} = feed.view;
    const facts = [];
    clearInterval(this.#timer);
    if (recovery.nextAttemptAt !== null) {
      const due = Date.parse(recovery.nextAttemptAt);
      const left = el('dd', {class: 'countdown'});
      const tick = () => setText(left, due > feed.now ? `in ${((due - feed.now) / 1000).toFixed(1)} s, at ${moment(due)}` : 'is being made');
      tick();
      this.#timer = setInterval(tick, 200);
      facts.push(['Next attempt', left]);
    } else {
      facts.push(['Next attempt', state === 'HALTED' || recovery.awaits === 'resume' ? 'none: an operator has to resume or reset' : state === 'HALF_OPEN' ? 'under way' : 'none is needed']);
    }
    if (state === 'HALF_OPEN') {
      facts.push(['Trial calls', `${count(window.samples)} done, ${count(window.over)} slow; closes at ${config['half-open-successes']} fast of ${config['half-open-requests']}`]);
    }
    facts.push(['Failed attempts', count(recovery.attempt)]);
    const probe = recovery.lastProbe;
    facts.push(['Last probe', probe === null ? 'none yet'
      : `${probe.healthy ? '✓ healthy' : '✗ unhealthy'}${probe.latencyMillis === null ? '' : `, ${millis(probe.latencyMillis)}`}, at ${moment(Date.parse(probe.at))}`]);
    if (probe !== null && probe.details !== '') {
      facts.push(['It said', probe.details]);
    }
    this.#parts.recovery.replaceChildren(...facts.map(([word, fact]) =>
      el('div', {}, el('dt', {}, word), typeof fact === 'string' ? el('dd', {}, fact) : fact)));
  }

  #showTransitions(transitions) {
    const told = transitions.length === 0 ? 'none' : `${transitions.length} ${transitions[0].at} ${transitions[0].to}`;
    if (told === this.#told) {
      return;
    }
    this.#told = told;
    this.#parts.transitions.replaceChildren(...(transitions.length === 0
      ? [el('tr', {}, el('td', {colspan: 6, class: 'soft'}, 'None yet.'))]
      : transitions.map((one) => el('tr', {},
        el('td', {class: 'at'}, moment(Date.parse(one.at))), el('td', {}, stateWord(one.from)), el('td', {}, badge(one.to)),
        el('td', {}, one.rule), el('td', {class: 'why'}, one.message), el('td', {}, one.actor ?? '–')))));
  }

  #showConfig(config) {
    setText(this.#parts.config, yaml(config, ''));
  }
}

/** As it would stand in the YAML. */
function yaml(block, indent) {
  return Object.entries(block).filter(([, value]) => value !== null).map(([key, value]) =>
    (typeof value === 'object' && !Array.isArray(value)
      ? `${indent}${key}:\n${yaml(value, `${indent}  `)}`
      : `${indent}${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`)).join('\n');
}
