// Puts the parts together.

import {Actions} from './actions.js';
import {Card} from './card.js';
import {byId, setAttribute, setText, stateWord} from './dom.js';
import {Feed} from './feed.js';
import {List} from './list.js';
import {arrange, isProblem} from './order.js';
import {clock, names, span} from './text.js';

const SEVEREST_FIRST = ['HALTED', 'OPEN', 'HALF_OPEN'];

const list = new List();
const actions = new Actions();
const card = new Card(actions);
const feed = new Feed(show);
let gone = null;

function fromAddress() {
  const found = /^#breaker\/([a-z][a-z0-9-]{0,62}(?::[a-z0-9._-]{1,57})?)$/.exec(location.hash);
  return found === null ? null : found[1];
}

function show(from, changed) {
  showLink(from);
  if (from.isSilent) {
    return;
  }
  if (from.selected === null || !from.rows.has(from.selected)) {
    const choice = firstChoice(from.rows);
    if (from.selected !== null) {
      showGone(from.selected, choice);
      // Where the address still named it, a click on its row would change nothing once it is back.
      history.replaceState(null, '', choice === null ? location.pathname : `#breaker/${choice}`);
    }
    from.select(choice);
  } else if (gone !== null && from.rows.has(gone)) {
    showGone(null, null);
  }
  showSummary(from.rows);
  list.show(from);
  actions.show(from);
  card.show(from);
  if (from.restarted) {
    setText(byId('news'), 'The server was started anew; its history begins there.');
  } else if (changed.length > 0) {
    setText(byId('news'), changed.slice(0, 5)
      .map((row) => `${row.name} is ${stateWord(row.state)}${row.reason === null ? '' : `: ${row.reason}`}`).join('. '));
  }
}

/** Nobody may take one breaker for another, whom a link has led to one that is not there any more. */
function showGone(name, shown) {
  gone = name;
  byId('gone').hidden = name === null;
  setText(byId('gone'), name === null ? '' : `There is no breaker ${name} now${shown === null ? '' : `; what is shown is ${shown}`}.`);
}

/** The first in the list that is called at all: those in trouble come first. */
function firstChoice(rows) {
  const all = arrange(rows, {text: '', problemsOnly: false, collapsed: new Set()}).map((one) => one.row);
  return (all.find((row) => isProblem(row) || row.total > 0) ?? all[0])?.name ?? null;
}

function showSummary(rows) {
  const all = [...rows.values()];
  const parts = SEVEREST_FIRST.map((state) => [state, all.filter((row) => row.state === state).map((row) => row.name)])
    .filter(([, found]) => found.length > 0)
    .map(([state, found]) => `${stateWord(state)}: ${names(found, 3)}`);
  const worst = SEVEREST_FIRST.find((state) => all.some((row) => row.state === state)) ?? 'CLOSED';
  setAttribute(byId('summary'), 'data-state', worst);
  setText(byId('summary'), parts.length === 0 ? `Trading: all ${all.length} breakers are closed` : parts.join(' · '));
  const problems = all.filter(isProblem).length;
  const title = `${problems > 0 ? `(${problems}) ` : ''}Trading Breaker`;
  if (document.title !== title) {
    document.title = title;
  }
}

function showLink(from) {
  const link = byId('link');
  const banner = byId('banner');
  const isLost = from.isStale || (from.isSilent && from.lastAnswer === null);
  setAttribute(link, 'data-link', isLost ? 'lost' : from.isSilent ? 'waiting' : 'live');
  setText(link, isLost ? 'Stale' : from.isSilent ? 'Connecting' : 'Live');
  document.body.toggleAttribute('data-stale', isLost);
  banner.hidden = !isLost;
  if (isLost) {
    const what = from.lastAnswer === null ? 'Nothing has come from the server yet'
      : `Stale: the server has not answered since ${clock(from.lastAnswer)}`;
    setText(byId('banner-text'), `${what}${from.trouble === '' ? '' : ` (${from.trouble})`}. Trying again.`);
    setText(byId('banner-age'), from.lastAnswer === null ? '' : `What you see is ${span(Date.now() - from.lastAnswer)} old.`);
  }
}

addEventListener('hashchange', () => {
  const name = fromAddress();
  if (name !== null) {
    showGone(null, null);
    feed.select(name);
    list.show(feed);
    card.show(feed);
    byId('card').scrollIntoView({block: 'nearest'});
  }
});

const first = fromAddress();
if (first === null) {
  feed.soon(0);
} else {
  feed.select(first);
}
