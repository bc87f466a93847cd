// The page that a browser without a session gets. It takes the token out of the address at once, so that
// no history and no glance over the shoulder keeps it, exchanges it for a session and opens the console.
const message = document.querySelector('#message');
const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', '/');

const problems = new Map([
  [403, 'This address is from an earlier start. Open the one that the console printed last.'],
  [429, 'Too many wrong tokens were tried. Wait a minute and open the address again.'],
]);

async function open() {
  if (token === null) return 'Open the address that the console printed when it started, with its token.';
  try {
    const response = await fetch('/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (!response.ok) return problems.get(response.status) ?? `The console answered ${response.status}.`;
    location.replace('/');
    return 'Opening the console…';
  } catch {
    return 'The console cannot be reached. Is it still running?';
  }
}

message.textContent = await open();
