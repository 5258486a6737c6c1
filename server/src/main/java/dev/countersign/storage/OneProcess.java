package dev.countersign.storage;

import dev.countersign.kernel.OwnersOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an embedded database to one process, by a lock of the operating system that ends with it: what a server keeps in
 * memory would not hear of what another one changes. Within a process any number of pools share a file, and one of them at
 * a time writes, first come, first served; SQLite by itself has writers ask again and again. Thread-safe.
 */
final class OneProcess {
  /** SQLSTATE "object in use". */
  static final String TAKEN = "55006";

  /** SQLSTATE "read-only". */
  static final String READ_ONLY = "25006";

  private static final Map<Path, Shared> FILES = new HashMap<>();

  private final Shared shared;
  private boolean holding;

  private static final class Shared {
    final Favour writing = new Favour();
    final Changes changes = new Changes();
    private final Path marker;
    private @Nullable FileChannel channel;
    private @Nullable FileLock lock;
    private int holders;

    Shared(Path file) {
      this.marker = file.resolveSibling(file.getFileName() + ".lock");
    }
  }

  private OneProcess(Shared shared) {
    this.shared = shared;
  }

  static OneProcess of(String file) {
    synchronized (FILES) {
      return new OneProcess(
          FILES.computeIfAbsent(Path.of(file).toAbsolutePath().normalize(), Shared::new));
    }
  }

  /** Held by whoever writes. */
  Favour writing() {
    return shared.writing;
  }

  /** What whoever writes has changed. */
  Changes changes() {
    return shared.changes;
  }

  /** Takes the file for this process; again and again does no harm. */
  void hold() throws SQLException {
    synchronized (shared) {
      if (holding) {
        return;
      }
      if (shared.lock == null) {
        lock();
      }
      shared.holders++;
      holding = true;
    }
  }

  private void lock() throws SQLException {
    try {
      OwnersOnly.folder(shared.marker.resolveSibling(""));
      var channel =
          FileChannel.open(shared.marker, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new SQLException("another process has the database open", TAKEN);
      }
      shared.channel = channel;
      shared.lock = lock;
    } catch (AccessDeniedException e) {
      throw new SQLException("the database's folder cannot be written", READ_ONLY, e);
    } catch (FileSystemException e) {
      var readOnly = String.valueOf(e.getReason()).contains("Read-only");
      throw new SQLException(
          "the database's folder cannot be used", readOnly ? READ_ONLY : "58030", e);
    } catch (IOException e) {
      throw new SQLException("the database cannot be locked", "58030", e);
    }
  }

  void release() {
    synchronized (shared) {
      if (!holding) {
        return;
      }
      holding = false;
      shared.holders--;
      if (shared.holders == 0 && shared.channel != null) {
        try {
          shared.channel.close();
        } catch (IOException e) {
          System.getLogger(OneProcess.class.getName())
              .log(System.Logger.Level.WARNING, "the lock of the database stays", e);
        }
        shared.channel = null;
        shared.lock = null;
      }
    }
  }
}
