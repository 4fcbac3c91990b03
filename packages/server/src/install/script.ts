import { hash } from 'node:crypto';

/**
 * What the page does where scripts run: its copy buttons appear, and it is loaded again when the state of the order has changed. Everything else works
 * without it.
 */
export const SCRIPT = `(() => {
  const { live, stamp, copied } = document.body.dataset;
  const spoken = document.getElementById('spoken');
  for (const button of document.querySelectorAll('button[data-copy]')) {
    const text = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const code = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        getSelection().selectAllChildren(code);
        document.execCommand('copy');
      }
      button.textContent = spoken.textContent = copied;
      setTimeout(() => { button.textContent = text; spoken.textContent = ''; }, 2000);
    });
  }
  if (live === undefined) return;
  const began = Date.now();
  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(live, { headers: { accept: 'application/json' } });
        if (answer.status === 404 || answer.status === 410) return location.reload();
        if (answer.ok && (await answer.json()).stamp !== stamp) return location.replace(location.pathname + (document.body.dataset.query || ''));
      } catch {}
    }
    setTimeout(look, Date.now() - began < 600000 ? 5000 : 30000);
  };
  setTimeout(look, 5000);
})();
`;

/** The name of the script: it changes with its content. */
export const SCRIPT_NAME = `script-${hash('sha256', SCRIPT, 'base64url').slice(0, 12)}.js`;
