// The list of breakers: a table of which only the first rows are made where there are many.

import {badge, byId, el, setAttribute, setText, showState} from './dom.js';
import {arrange, isNear, isProblem, pausedBy} from './order.js';
import {count, limit, millis, rate, span} from './text.js';

const FIRST_ROWS = 50;

export class List {
  #filter = {text: '', problemsOnly: false, collapsed: new Set()};
  #all = false;
  #made = new Map();
  #order = '';
  #feed = null;

  constructor() {
    byId('search').addEventListener('input', (event) => this.#changeFilter({text: event.target.value}));
    byId('problems').addEventListener('change', (event) => this.#changeFilter({problemsOnly: event.target.checked}));
    byId('more').addEventListener('click', () => {
      this.#all = !this.#all;
      this.show(this.#feed);
    });
  }

  #changeFilter(change) {
    Object.assign(this.#filter, change);
    if (this.#feed !== null) {
      this.show(this.#feed);
    }
  }

  show(feed) {
    this.#feed = feed;
    const wanted = arrange(feed.rows, this.#filter);
    const shown = this.#all ? wanted : wanted.slice(0, FIRST_ROWS);
    const nodes = shown.map((one) => this.#row(one, feed));
    const order = shown.map((one) => one.row.name).join();
    if (order !== this.#order) {
      this.#order = order;
      const focused = document.activeElement;
      byId('rows').replaceChildren(...nodes);
      if (focused?.isConnected && focused !== document.body) {
        focused.focus();
      }
    }
    this.#forget(feed.rows);
    byId('none').hidden = wanted.length > 0 || feed.rows.size === 0;
    byId('more').hidden = wanted.length <= FIRST_ROWS;
    setText(byId('more'), this.#all ? `Show the first ${FIRST_ROWS}` : `Show all ${wanted.length}`);
    const problems = [...feed.rows.values()].filter(isProblem).length;
    setText(byId('list-title'), `Breakers (${feed.rows.size}${problems > 0 ? `, ${problems} not closed` : ''})`);
  }

  #forget(rows) {
    if (this.#made.size > rows.size) {
      for (const name of this.#made.keys()) {
        if (!rows.has(name)) {
          this.#made.delete(name);
        }
      }
    }
  }

  #row({row, depth, children, isCollapsed}, feed) {
    let made = this.#made.get(row.name);
    if (made === undefined) {
      made = this.#make(row.name);
      this.#made.set(row.name, made);
    }
    setAttribute(made.name, 'data-depth', Math.min(depth, 4));
    setAttribute(made.link, 'aria-current', feed.selected === row.name ? 'true' : null);
    setAttribute(made.row, 'data-selected', feed.selected === row.name ? 'true' : null);
    setText(made.below, row.parent === null ? '' : `, below ${row.parent}`);
    made.fold.hidden = children === 0;
    setAttribute(made.fold, 'aria-expanded', String(!isCollapsed));
    setText(made.fold, isCollapsed ? '▸' : '▾');
    showState(made.state, row.state);
    setText(made.note, note(row, feed));
    setText(made.p99, row.p99 === null ? '–' : millis(row.p99));
    setText(made.limit, `of ${limit(row.limit)}`);
    setAttribute(made.bar, 'value', row.p99 === null ? 0 : Math.min(1.25, row.p99 / row.limit));
    setAttribute(made.bar, 'data-level', row.p99 > row.limit ? 'over' : isNear(row) ? 'near' : 'well');
    setText(made.rate, rate(row.rate));
    setText(made.flight, count(row.inFlight));
    setText(made.oldest, row.oldest === null ? '' : millis(row.oldest));
    setText(made.refused, count(row.rejected));
    return made.row;
  }

  #make(name) {
    const made = {
      link: el('a', {href: `#breaker/${name}`, title: name}, ...breakable(name)),
      below: el('span', {class: 'unseen'}),
      fold: el('button', {type: 'button', class: 'fold', 'aria-label': `Levels below ${name}`}),
      state: badge('CLOSED'),
      note: el('span', {class: 'note'}),
      p99: el('span', {class: 'figure'}),
      limit: el('span', {class: 'soft'}),
      bar: el('meter', {min: 0, max: 1.25, 'aria-label': `P99 of ${name} as a share of its limit`}),
      rate: el('td', {class: 'number wide rate'}),
      flight: el('span'),
      oldest: el('span', {class: 'note'}),
      refused: el('td', {class: 'number wide'}),
    };
    made.name = el('th', {scope: 'row'}, made.fold, made.link, made.below);
    made.row = el('tr', {}, made.name, el('td', {}, made.state, made.note),
      el('td', {class: 'p99'}, el('span', {}, made.p99, made.limit), made.bar), made.rate,
      el('td', {class: 'number wide'}, made.flight, made.oldest), made.refused);
    made.fold.addEventListener('click', () => {
      const collapsed = this.#filter.collapsed;
      collapsed.has(name) ? collapsed.delete(name) : collapsed.add(name);
      this.show(this.#feed);
    });
    made.row.addEventListener('click', (event) => {
      if (event.target.closest('a, button') === null) {
        made.link.click();
      }
    });
    return made;
  }
}

/** A key's name is long: it may go on in the next line after each colon and dot. */
function breakable(name) {
  return name.split(/(?<=[:.])/).flatMap((part) => [part, el('wbr', {})]);
}

function note(row, feed) {
  const above = pausedBy(row, feed.rows);
  const notes = [
    isProblem(row) ? span(feed.now - row.since) : null,
    row.mode === 'observe' ? 'observe' : null,
    above !== null ? `paused by ${above}` : null,
    isNear(row) ? `${row.p99 > row.limit ? 'over' : 'near'} its limit` : null,
  ];
  return notes.filter((one) => one !== null).join(' · ');
}
