// Elements. Text goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** el('td', {class: 'number'}, 'text', child): a property whose value is null or false is left out. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value !== null && value !== false && value !== undefined) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Touches the document only if something changes. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export function setAttribute(node, name, value) {
  if (value === null || value === false) {
    if (node.hasAttribute(name)) {
      node.removeAttribute(name);
    }
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

const STATE_WORDS = {
  CLOSED: 'Closed', OPEN: 'Open', HALF_OPEN: 'Half-open', HALTED: 'Halted',
};

export const stateWord = (state) => STATE_WORDS[state] ?? state;

/** A state by shape, colour and word. */
export function badge(state) {
  return el('span', {class: 'state', 'data-state': state},
    el('span', {class: 'shape', 'aria-hidden': 'true'}),
    el('span', {class: 'word'}, stateWord(state)));
}

export function showState(node, state) {
  setAttribute(node, 'data-state', state);
  setText(node.querySelector('.word'), stateWord(state));
}
