package dev.countersign.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A turn that one thread has at a time, first come, first served. The turn of whoever waits nearly always comes within a
 * millisecond; a timer for each of them, set and taken back, would wake another thread twice, which costs more than what is
 * waited for. So they wait without one, and a single thread, which is there as long as there is somebody to look after,
 * sends away those whose patience is over. Thread-safe; not reentrant.
 */
final class Favour {
  private static final Duration FOREVER = Duration.ofDays(36_500);

  /** From one look at who waits to the next. */
  private static final Duration LOOK = Duration.ofMillis(10);

  /** A second of looks. */
  private static final int LOOKS_IN_VAIN = 100;

  private final int looksInVain;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private volatile @Nullable Thread holder;
  private boolean watched;

  Favour() {
    this(LOOKS_IN_VAIN);
  }

  /**
   * One to be tried.
   *
   * @param looksInVain after so many looks at nobody the thread that looks ends
   */
  Favour(int looksInVain) {
    this.looksInVain = looksInVain;
  }

  private enum Fate {
    OPEN,
    TURN,
    SENT_AWAY
  }

  private static final class Waiting {
    private final Thread thread = Thread.currentThread();
    private final long since = System.nanoTime();
    private final long patience;
    private volatile Fate fate = Fate.OPEN;

    Waiting(Duration patience) {
      this.patience = patience.toNanos();
    }

    void meet(Fate met) {
      fate = met;
      LockSupport.unpark(thread);
    }
  }

  /**
   * Waits for the turn; whoever gets it has to {@link #leave}.
   *
   * @param patience how long to wait, to the hundredth of a second; nobody is sent away while the turn is free
   * @return whether the turn came
   * @throws InterruptedException before it came
   */
  boolean take(Duration patience) throws InterruptedException {
    var me = queued(patience);
    if (me == null) {
      return true;
    }
    while (me.fate == Fate.OPEN) {
      LockSupport.park(this);
      if (Thread.currentThread().isInterrupted() && forgotten(me)) {
        Thread.interrupted();
        throw new InterruptedException();
      }
    }
    return me.fate == Fate.TURN;
  }

  /** Waits for the turn, however long it takes and whoever interrupts; see {@link #take(Duration)}. */
  void take() {
    var me = queued(FOREVER);
    boolean interrupted = false;
    while (me != null && me.fate == Fate.OPEN) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null for whoever has the turn at once. */
  private synchronized @Nullable Waiting queued(Duration patience) {
    if (holder == null) {
      holder = Thread.currentThread();
      return null;
    }
    var me = new Waiting(patience);
    waiting.add(me);
    if (!watched) {
      watched = true;
      Thread.ofPlatform().daemon().name("favour").start(this::watch);
    }
    return me;
  }

  private synchronized boolean forgotten(Waiting me) {
    return waiting.remove(me);
  }

  /** Hands the turn to whoever has waited longest. */
  synchronized void leave() {
    var next = waiting.poll();
    holder = next == null ? null : next.thread;
    if (next != null) {
      next.meet(Fate.TURN);
    }
  }

  /** Whether this thread has the turn. */
  boolean isMine() {
    return holder == Thread.currentThread();
  }

  private void watch() {
    for (int inVain = 0; inVain < looksInVain; ) {
      LockSupport.parkNanos(LOOK.toNanos());
      inVain = look() ? 0 : inVain + 1;
      if (inVain == looksInVain && !unwatched()) {
        inVain = 0;
      }
    }
  }

  /** Whether there was somebody to look after. */
  private synchronized boolean look() {
    long now = System.nanoTime();
    boolean somebody = !waiting.isEmpty();
    waiting.removeIf(each -> {
      boolean over = now - each.since > each.patience;
      if (over) {
        each.meet(Fate.SENT_AWAY);
      }
      return over;
    });
    return somebody;
  }

  /** Whether nobody has come meanwhile. */
  private synchronized boolean unwatched() {
    watched = !waiting.isEmpty();
    return !watched;
  }
}
