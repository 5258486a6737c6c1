// Wakes up when there is something to approve, and says so.

importScripts('/assets/device.js');

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

const notices = async () => {
  for (const it of await device.all()) {
    const {status, body} = await device.questions(it, false);
    for (const question of status === 200 ? body.questions : []) {
      await self.registration.showNotification(it.title, {
        body: [question.application, body.account].join(' · '),
        tag: question.id,
        icon: '/approver/icon-192.png',
        badge: '/approver/icon-192.png',
        requireInteraction: true,
      });
    }
  }
  // Browsers want something shown for every message, also for one whose question is over.
  if (!(await self.registration.getNotifications()).length) {
    const [first] = await device.all();
    await self.registration.showNotification(first?.title ?? '', {body: first?.text ?? '', tag: 'approver', icon: '/approver/icon-192.png'});
  }
};

// Words that ask for nothing are shown as they come.
const said = data => {
  try {
    const it = data.json();
    return it.title && it.body ? it : null;
  } catch {
    return null;
  }
};

self.addEventListener('push', event => {
  const it = event.data && said(event.data);
  event.waitUntil(it
    ? self.registration.showNotification(it.title, {body: it.body, tag: it.type, icon: '/approver/icon-192.png', badge: '/approver/icon-192.png', requireInteraction: true})
    : notices());
});

self.addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil((async () => {
    const windows = await self.clients.matchAll({type: 'window'});
    const ours = windows.find(it => new URL(it.url).pathname === '/approver');
    return ours ? ours.focus() : self.clients.openWindow('/approver');
  })());
});
