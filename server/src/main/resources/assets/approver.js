// The approver: shows one screen at a time, asks the server what there is to approve, and says what its owner decides.

const root = document.getElementById('approver');
const words = root.dataset;
const at = selector => root.querySelector(selector);

const waiting = new Map();
const paused = new Set();
let known = [];
let offered = null;
let held = null;
let shown = null;

const show = screen => {
  if (root.dataset.shows === screen) {
    return;
  }
  root.dataset.shows = screen;
  root.querySelectorAll('[data-screen]').forEach(it => it.hidden = it.dataset.screen !== screen);
};

const hold = screen => {
  held = screen;
  render();
};

const render = () => {
  if (held) {
    show(held);
  } else if (offered) {
    show('offer');
  } else if (shown || waiting.size) {
    ask(shown ?? [...waiting.values()][0]);
  } else if (paused.size) {
    show('stopped');
  } else if (known.length) {
    idle();
  } else {
    show('start');
  }
};

const idle = () => {
  at('#accounts').replaceChildren(...known.map(it => {
    const line = document.createElement('li');
    const name = document.createElement('bdi');
    name.textContent = it.account;
    line.append(name);
    return line;
  }));
  show('idle');
};

const clock = new Intl.DateTimeFormat(document.documentElement.lang, {hour: 'numeric', minute: '2-digit'});

const ask = it => {
  if (shown?.question.id === it.question.id) {
    show('request');
    return;
  }
  shown = it;
  const facts = {...it.question, account: it.device.account, asked: clock.format(it.question.asked - it.device.offset)};
  root.querySelectorAll('[data-fact]').forEach(cell => {
    cell.textContent = facts[cell.dataset.fact];
    cell.parentElement.hidden = !facts[cell.dataset.fact];
  });
  at('#transaction').replaceChildren(...(it.question.transaction?.parts ?? []).flatMap(part => {
    const title = document.createElement('h3');
    title.textContent = part.title;
    const list = document.createElement('dl');
    list.append(...part.rows.map(row => {
      const [line, label, value] = ['div', 'dt', 'dd'].map(name => document.createElement(name));
      label.textContent = row.label;
      value.textContent = row.value;
      line.append(label, value);
      return line;
    }));
    return [title, list];
  }));
  at('#transaction').hidden = !it.question.transaction;
  at('#number').value = '';
  const heading = at('[data-screen=request] h2');
  heading.textContent = it.question.transaction ? heading.dataset.approving : heading.dataset.signing;
  show('request');
  heading.focus();
};

const answered = screen => {
  if (shown) {
    waiting.delete(shown.device.id);
  }
  shown = null;
  hold(screen);
};

const decide = async (what, answer) => {
  const it = shown;
  try {
    // Who approves a transaction signs which one.
    const attachment = it.question.transaction && {transaction: it.question.transaction.hash};
    const {status, body} = await device.say(it.device, '/approver/answers', {what, question: it.question.id, answer, attachment});
    if (status === 200 && body.outcome === 'disowned') {
      paused.add(it.device.id);
    }
    answered(status === 200 ? {noted: 'approved', wrong: 'wrong', disowned: 'stopped'}[body.outcome] : 'over');
    if (held === 'stopped') {
      held = null;
      render();
    }
  } catch {
    hold('failed');
  }
};

// Asking the server

const later = ms => new Promise(done => setTimeout(done, ms));

const follow = async it => {
  let failures = 0;
  while (known.includes(it)) {
    try {
      const {status, body} = await device.questions(it, failures === 0 && !it.pending);
      if (status === 404) {
        failures++;
        if (failures > (it.pending ? 150 : 2)) {
          await lose(it);
        } else {
          await later(2000);
        }
        continue;
      }
      if (status !== 200) {
        throw new Error(String(status));
      }
      failures = 0;
      if (it.pending || it.account !== body.account) {
        it.pending = false;
        it.account = body.account;
        await device.keep(it);
        await subscribe(it);
      }
      paused[body.paused ? 'add' : 'delete'](it.id);
      const [question] = body.questions;
      if (question) {
        waiting.set(it.id, {device: it, question});
        if (shown?.device === it && shown.question.id !== question.id) {
          shown = null;
        }
      } else {
        waiting.delete(it.id);
        if (shown?.device === it) {
          answered('over');
        }
      }
      render();
      if (question || body.paused) {
        await later(2000);
      }
    } catch {
      await later(3000);
    }
  }
};

const lose = async it => {
  await device.forget(it.id);
  known = known.filter(other => other !== it);
  waiting.delete(it.id);
  paused.delete(it.id);
  hold('gone');
};

// Being woken

const register = () => 'serviceWorker' in navigator
  ? navigator.serviceWorker.register('/approver/worker.js', {scope: '/approver'}).catch(() => null)
  : Promise.resolve(null);

const subscribe = async it => {
  if (!('PushManager' in globalThis) || Notification.permission !== 'granted') {
    return;
  }
  try {
    const {pushManager} = await navigator.serviceWorker.ready;
    const key = Uint8Array.from(atob(words.key.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
    const {endpoint, keys} = (await pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key})).toJSON();
    const push = {service: 'web', address: endpoint, p256dh: keys.p256dh, auth: keys.auth};
    await device.say(it, '/approver/devices', {what: 'subscribe', attachment: push});
    wakes();
  } catch {
    // No push service within reach: this page asks by itself while it is open.
  }
};

const wakes = () => {
  const granted = 'Notification' in globalThis && Notification.permission === 'granted';
  at('#notify').hidden = !('PushManager' in globalThis) || granted;
  at('#notified').hidden = !granted;
};

at('#notify').addEventListener('click', async () => {
  await Notification.requestPermission();
  await Promise.all(known.map(subscribe));
  wakes();
});

// What its owner does

at('#pair').addEventListener('click', async () => {
  const {id, ticket} = offered;
  try {
    const it = await device.made(id);
    Object.assign(it, {title: words.noticeTitle, text: words.noticeBody});
    const attachment = {key: await device.publicKey(it), name: words.device};
    const {status, body} = await device.say(it, '/approver/answers', {what: 'pair', answer: ticket, attachment});
    offered = null;
    if (status !== 200) {
      hold('over');
      return;
    }
    it.account = body.account;
    await device.keep(it);
    known.push(it);
    hold('paired');
    follow(it);
  } catch {
    hold('failed');
  }
});

at('#decline').addEventListener('click', () => {
  offered = null;
  render();
});

at('#approve').addEventListener('submit', event => {
  event.preventDefault();
  decide('approve', at('#number').value.normalize('NFKC').replace(/\D/g, ''));
});

at('#disown').addEventListener('click', () => decide('disown', ''));

at('#resume').addEventListener('click', async () => {
  for (const it of known.filter(it => paused.has(it.id))) {
    const {status} = await device.say(it, '/approver/devices', {what: 'resume'});
    if (status === 200) {
      paused.delete(it.id);
    }
  }
  render();
});

root.querySelectorAll('[data-done]').forEach(button => button.addEventListener('click', () => {
  held = null;
  render();
}));

// Begin

const offer = () => {
  const [id, ticket] = location.hash.slice(1).split('.');
  if (id && ticket && !known.some(it => it.id === id)) {
    offered = {id, ticket};
    held = null;
  }
  history.replaceState(null, '', location.pathname);
};

try {
  await import(words.script);
  if (!globalThis.isSecureContext) {
    throw new Error('insecure');
  }
  known = await device.all();
  register();
  wakes();
  offer();
  addEventListener('hashchange', () => {
    offer();
    render();
  });
  render();
  known.forEach(follow);
} catch {
  show('unfit');
}
