// Which breakers are shown, and in which order: those in trouble first, levels below what they belong to.

const SEVERITY = {HALTED: 3, OPEN: 2, HALF_OPEN: 1, CLOSED: 0};
const DEEPEST = 16;

export const isProblem = (row) => row.state !== 'CLOSED';

/** Over 80 % of its limit, though closed. */
export const isNear = (row) => row.state === 'CLOSED' && row.p99 !== null && row.p99 > 0.8 * row.limit;

/** The nearest level above that pauses this breaker too. */
export function pausedBy(row, rows) {
  let level = rows.get(row.parent);
  for (let i = 0; level !== undefined && i < DEEPEST; i++) {
    if ((level.state === 'OPEN' && level.mode === 'enforce') || level.state === 'HALTED') {
      return level.name;
    }
    level = rows.get(level.parent);
  }
  return null;
}

/** The breakers below one, at any depth. */
export function below(name, rows) {
  const found = [];
  const add = (parent, depth) => {
    for (const row of rows.values()) {
      if (row.parent === parent && depth < DEEPEST) {
        found.push(row.name);
        add(row.name, depth + 1);
      }
    }
  };
  add(name, 0);
  return found;
}

/**
 * [{row, depth, children, isCollapsed}]
 *
 * @param filter {text, problemsOnly, collapsed: Set of names}
 */
export function arrange(rows, filter) {
  const children = new Map();
  const roots = [];
  for (const row of rows.values()) {
    if (row.parent !== null && rows.has(row.parent)) {
      children.set(row.parent, [...(children.get(row.parent) ?? []), row]);
    } else {
      roots.push(row);
    }
  }
  const text = filter.text.trim().toLowerCase();
  const isWanted = (row) => (!filter.problemsOnly || isProblem(row) || isNear(row))
    && (text === '' || row.name.includes(text) || row.state.toLowerCase().replace('_', '-').includes(text));
  const isFiltered = text !== '' || filter.problemsOnly;

  const node = (row, depth) => {
    const below = depth < DEEPEST ? (children.get(row.name) ?? []).map((child) => node(child, depth + 1)) : [];
    const kept = below.filter((child) => child.isWanted);
    kept.sort(byTrouble);
    return {
      row,
      depth,
      kept,
      children: kept.length,
      isWanted: isWanted(row) || kept.length > 0,
      severity: Math.max(SEVERITY[row.state] ?? 0, ...kept.map((child) => child.severity)),
      isCollapsed: !isFiltered && filter.collapsed.has(row.name),
    };
  };
  const result = [];
  const walk = (one) => {
    result.push(one);
    if (!one.isCollapsed) {
      one.kept.forEach(walk);
    }
  };
  roots.map((row) => node(row, 0)).filter((one) => one.isWanted).sort(byTrouble).forEach(walk);
  return result;
}

const byTrouble = (a, b) => b.severity - a.severity || (a.row.name < b.row.name ? -1 : 1);
