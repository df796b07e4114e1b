// Light, dark, or as the system has it. Loaded before the page is painted, so that nothing flashes.
(() => {
  const KEY = 'trading-breaker-theme';
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');

  const stored = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const own = stored();
  if (own === 'dark' || own === 'light') {
    root.dataset.theme = own;
  }

  addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    const show = () => {
      button.textContent = isDark() ? 'Light' : 'Dark';
      button.setAttribute('aria-label', `Switch to the ${isDark() ? 'light' : 'dark'} theme`);
      document.dispatchEvent(new Event('themechange'));
    };
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      try { localStorage.setItem(KEY, root.dataset.theme); } catch { /* kept for this visit only */ }
      show();
    });
    system.addEventListener('change', show);
    show();
  });
})();
