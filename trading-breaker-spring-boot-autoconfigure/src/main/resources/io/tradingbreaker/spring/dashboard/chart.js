// The latencies and calls of one breaker over time, drawn by uPlot; spans in which it was not closed are shaded.

import {el, setAttribute, setText, stateWord} from './dom.js';
import {clock, count, limit, millis} from './text.js';

const uPlot = globalThis.uPlot;
const LEAST_SPAN = 120;
const HIGHEST = 4;
const LETTERS = {C: 'CLOSED', O: 'OPEN', T: 'HALF_OPEN', H: 'HALTED'};

/**
 * Where the breaker was not closed: [{from, to, state}] in ms. Transitions say it to the millisecond; before the
 * oldest that is kept, the samples do.
 */
export function pausedSpans(trace, transitions, state, since, now) {
  const spans = [];
  const changes = [...transitions].reverse().map((change) => ({at: Date.parse(change.at), to: change.to}));
  const known = changes[0]?.at ?? since;
  trace.times.forEach((at, i) => {
    const seen = LETTERS[trace.columns.states?.[i]];
    if (at < known && seen !== undefined && seen !== 'CLOSED') {
      const last = spans.at(-1);
      const to = Math.min(known, trace.times[i + 1] ?? now);
      if (last?.state === seen && last.to >= at) {
        last.to = to;
      } else {
        spans.push({from: at, to, state: seen});
      }
    }
  });
  changes.forEach((change, i) => {
    if (change.to !== 'CLOSED') {
      spans.push({from: change.at, to: changes[i + 1]?.at ?? now, state: change.to});
    }
  });
  if (changes.length === 0 && state !== 'CLOSED') {
    spans.push({from: since, to: now, state});
  }
  return spans;
}

export class Chart {
  element;
  #latency = null;
  #calls = null;
  #boxes;
  #legend;
  #summary;
  #spans = [];
  #limit = null;
  #range = [0, 1];
  #data = null;
  #colours = null;

  constructor() {
    this.#boxes = [el('div', {class: 'plot', role: 'img'}), el('div', {class: 'plot', role: 'img'})];
    this.#legend = el('ul', {class: 'legend'});
    this.#summary = el('p', {class: 'hint'});
    this.element = el('div', {class: 'chart'}, this.#legend, this.#boxes[0],
      el('p', {class: 'plot-title'}, 'Calls a second, and refused ones'), this.#boxes[1], this.#summary);
    new ResizeObserver(() => this.#resize()).observe(this.#boxes[0]);
    document.addEventListener('themechange', () => this.#rebuild());
  }

  show(feed) {
    const {trace, view} = feed;
    if (trace === null || view === null) {
      return;
    }
    const row = feed.rows.get(trace.name);
    this.#limit = row.limit;
    const times = trace.times.map((at) => at / 1000);
    const columns = trace.columns;
    const empty = times.map(() => null);
    const seconds = feed.interval / 1000;
    const perSecond = (column) => (column ?? empty).map((number) => number && number / seconds);
    this.#data = {
      latency: [times, columns.p50 ?? empty, columns.p95 ?? empty, columns.p99 ?? empty, columns.worst ?? empty],
      calls: [times, perSecond(columns.calls), perSecond(columns.rejected)],
      // Nothing refused is no bar: even an empty one would be seen as a line.
      bars: [times, perSecond(columns.calls), perSecond(columns.rejected).map((number) => number || null)],
    };
    const now = feed.now / 1000;
    const firstKnown = times[(columns.states ?? '').search(/[^-]/)] ?? now;
    this.#range = [Math.max(now - feed.history / 1000, Math.min(firstKnown, now - LEAST_SPAN)), now];
    this.#spans = pausedSpans(trace, view.transitions, view.state, Date.parse(view.since), feed.now)
      .filter((one) => one.to / 1000 > this.#range[0]);
    this.#describe(trace, times.length - 1);
    if (this.#latency === null) {
      this.#rebuild();
    } else {
      this.#latency.setData(this.#data.latency);
      this.#calls.setData(this.#data.bars);
    }
  }

  #describe(trace, last) {
    const worst = Math.max(...(this.#data.latency[3].filter((value) => value !== null)), 0);
    const incidents = this.#spans.filter((one, i) => i === 0 || one.from > this.#spans[i - 1].to).length;
    const paused = incidents === 0 ? 'never paused' : `not closed ${incidents} ${incidents === 1 ? 'time' : 'times'}`;
    const p99 = this.#data.latency[3][last] ?? null;
    const text = `${trace.name}: P99 ${p99 === null ? 'without samples now' : `${millis(p99)} now`}, `
      + `${worst === 0 ? 'none' : millis(worst)} at most, limit ${limit(this.#limit)}; ${paused} since ${clock(this.#range[0] * 1000)}.`;
    setAttribute(this.#boxes[0], 'aria-label', text);
    setAttribute(this.#boxes[1], 'aria-label', `Calls a second through ${trace.name}, and those refused`);
    setText(this.#summary, text);
    this.#showLegend(null);
  }

  /** @param at the index under the cursor; null shows the newest figures */
  #showLegend(at) {
    const data = this.#data;
    const i = at ?? data.latency[0].length - 1;
    const items = [['p50', 'P50', millis(data.latency[1][i])], ['p95', 'P95', millis(data.latency[2][i])],
      ['p99', 'P99', millis(data.latency[3][i])], ['limit', 'Limit', limit(this.#limit)],
      ['worst', 'Worst at a trip', millis(data.latency[4][i])],
      ['calls', 'Calls/s', count(data.calls[1][i])], ['refused', 'Refused/s', count(data.calls[2][i])]];
    if (this.#legend.children.length === 0) {
      this.#legend.append(...items.map(([line, word]) => el('li', {'data-line': line},
        el('span', {class: 'sample', 'aria-hidden': 'true'}), el('span', {}, word), el('b', {}))));
      this.#legend.append(el('li', {class: 'moment'}));
    }
    items.forEach(([, , figure], n) => setText(this.#legend.children[n].lastChild, figure));
    setText(this.#legend.lastChild, at === null ? 'now' : `at ${clock(data.latency[0][at] * 1000)}`);
  }

  #resize() {
    const width = this.#boxes[0].clientWidth;
    if (this.#latency !== null && width > 0) {
      this.#latency.setSize({width, height: this.#latency.height});
      this.#calls.setSize({width, height: this.#calls.height});
    }
  }

  #rebuild() {
    if (this.#data === null || !this.element.isConnected) {
      return;
    }
    this.#latency?.destroy();
    this.#calls?.destroy();
    this.#colours = colours(this.element);
    const {p50, p95, p99, limit: mark, calls, refused} = this.#colours;
    this.#latency = this.#plot(this.#boxes[0], 220, this.#data.latency, [
      {label: 'P50', stroke: p50, width: 1.25, points: {show: false}},
      {label: 'P95', stroke: p95, width: 1.25, points: {show: false}},
      {label: 'P99', stroke: p99, width: 2, points: {show: false}},
      {label: 'Worst at a trip', stroke: mark, paths: () => null, points: {show: true, size: 9, width: 2, fill: mark}},
    ], (value) => (value >= 1000 ? `${value / 1000} s` : `${value} ms`), () => this.#highestLatency(), (plot) => this.#drawLimit(plot));
    const bars = uPlot.paths.bars({size: [0.9, 12], gap: 0});
    this.#calls = this.#plot(this.#boxes[1], 90, this.#data.bars, [
      {label: 'Calls', stroke: calls, fill: calls, paths: bars, points: {show: false}},
      {label: 'Refused', stroke: refused, fill: refused, paths: bars, points: {show: false}},
    ], (value) => String(value), (max) => Math.max(1, max * 1.1));
  }

  #plot(box, height, data, series, label, highest, drawOver = () => {}) {
    const axis = {stroke: this.#colours.soft, grid: {stroke: this.#colours.grid, width: 1}, ticks: {stroke: this.#colours.grid, width: 1}, font: '11px system-ui, sans-serif'};
    return new uPlot({
      width: Math.max(200, box.clientWidth),
      height,
      pxAlign: true,
      legend: {show: false},
      cursor: {y: false, drag: {setScale: false, x: false, y: false}, sync: {key: 'breaker'}, points: {size: 6}},
      scales: {
        x: {range: () => this.#range},
        y: {range: (plot, min, max) => [0, highest(max ?? 0)]},
      },
      axes: [
        {...axis, space: 70, size: 28, values: (plot, ticks) => ticks.map((at) => clock(at * 1000).slice(0, this.#range[1] - this.#range[0] > 900 ? 5 : 8))},
        {...axis, size: 58, space: height > 100 ? 32 : 20, values: (plot, ticks) => ticks.map(label)},
      ],
      series: [{}, ...series],
      hooks: {
        drawAxes: [(plot) => this.#shade(plot)],
        draw: [drawOver],
        setCursor: [(plot) => this.#showLegend(plot.cursor.idx ?? null)],
      },
    }, data, box);
  }

  /** Room for the limit and the worst of what was seen, but not for so much that all else lies flat. */
  #highestLatency() {
    const most = (column) => column.reduce((highest, value) => Math.max(highest, value ?? 0), 0);
    const seen = Math.max(most(this.#data.latency[3]), most(this.#data.latency[4]));
    return Math.min(HIGHEST * this.#limit, Math.max(1.25 * this.#limit, 1.1 * seen));
  }

  #drawLimit(plot) {
    const {ctx, bbox} = plot;
    const y = Math.round(plot.valToPos(this.#limit, 'y', true));
    ctx.save();
    ctx.strokeStyle = this.#colours.limit;
    ctx.lineWidth = 1.5 * uPlot.pxRatio;
    ctx.setLineDash([6 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }

  /** By colour, by hatching (open), by a band along the top, and by a word where there is room. */
  #shade(plot) {
    const {ctx, bbox} = plot;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const {from, to, state} of this.#spans) {
      const left = plot.valToPos(from / 1000, 'x', true);
      const width = Math.max(2 * ratio, plot.valToPos(to / 1000, 'x', true) - left);
      const colour = this.#colours[state];
      ctx.fillStyle = colour;
      ctx.globalAlpha = state === 'HALTED' ? 0.24 : 0.12;
      ctx.fillRect(left, bbox.top, width, bbox.height);
      if (state !== 'HALF_OPEN') {
        hatch(ctx, left, bbox.top, width, bbox.height, colour, state === 'HALTED' ? 5 * ratio : 9 * ratio);
      }
      ctx.globalAlpha = 1;
      ctx.fillRect(left, bbox.top, width, 3 * ratio);
      const word = stateWord(state).toUpperCase();
      ctx.font = `600 ${10 * ratio}px system-ui, sans-serif`;
      if (plot.height > 100 && ctx.measureText(word).width + 8 * ratio < width) {
        ctx.fillText(word, left + 4 * ratio, bbox.top + 15 * ratio);
      }
    }
    ctx.restore();
  }
}

function hatch(ctx, left, top, width, height, colour, step) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.globalAlpha = 0.28;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  // From a grid of the whole chart, so that the lines stand still while time passes.
  for (let x = Math.floor((left - height) / step) * step; x < left + width; x += step) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}

function colours(node) {
  const style = getComputedStyle(node);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    p50: of('p50'), p95: of('p95'), p99: of('p99'), limit: of('limit'), calls: of('calls'), refused: of('refused'),
    soft: of('soft'), grid: of('grid'),
    OPEN: of('open'), HALF_OPEN: of('half-open'), HALTED: of('halted'),
  };
}
