package dev.countersign.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What processes have used up so far, as Linux counts it under {@code /proc}: user and system time in milliseconds.
 *
 * @param work the server but its compiler threads: requests, password hashes, the embedded database, clean-up of memory
 * @param hashing of {@code work}, the threads that hash passwords and do nothing else
 * @param collector of {@code work}, the thread that collects garbage (with the serial collector the VM's own)
 * @param compiler Java's compiler threads, which fall silent on a warm server
 * @param database the processes of a database server, if there is one
 */
record Cpu(double work, double hashing, double collector, double compiler, double database) {
  private static final double TICK_MILLIS = 10; // USER_HZ is 100 on every Linux that Java runs on.

  static Cpu of(long server, List<Long> databaseProcesses) {
    double compiler = 0;
    double collector = 0;
    double hashing = 0;
    for (var task : tasks(server)) {
      var name = task.name();
      if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
        compiler += task.millis();
      } else if (name.equals("VM Thread") || name.startsWith("GC ") || name.startsWith("G1 ")) {
        collector += task.millis();
      } else if (name.startsWith("argon2id-")) {
        hashing += task.millis();
      }
    }
    double all = stat(Path.of("/proc", String.valueOf(server), "stat"), false);
    double database =
        databaseProcesses.stream()
            .mapToDouble(pid -> stat(Path.of("/proc", String.valueOf(pid), "stat"), true))
            .sum();
    return new Cpu(all - compiler, hashing, collector, compiler, database);
  }

  Cpu since(Cpu before) {
    return new Cpu(
        work - before.work,
        hashing - before.hashing,
        collector - before.collector,
        compiler - before.compiler,
        database - before.database);
  }

  /** All but the hashing of passwords and the compiler. */
  double rest() {
    return work - hashing + database;
  }

  Cpu dividedBy(double count) {
    return new Cpu(
        work / count, hashing / count, collector / count, compiler / count, database / count);
  }

  private record Task(String name, double millis) {}

  private static List<Task> tasks(long pid) {
    List<Task> tasks = new ArrayList<>();
    try (var folders = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "task"))) {
      for (var folder : folders) {
        try {
          tasks.add(
              new Task(
                  Files.readString(folder.resolve("comm")).strip(),
                  stat(folder.resolve("stat"), false)));
        } catch (IOException | UncheckedIOException _) {
          // The thread has ended since it was listed; the process keeps its sum.
        }
      }
      return tasks;
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid, e);
    }
  }

  /** Fields 14 and 15 of proc(5), and 16 and 17 for children that have ended; counted behind the name, which may hold anything. */
  private static double stat(Path file, boolean withChildren) {
    try {
      var text = Files.readString(file);
      var fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      double ticks = Long.parseLong(fields[11]) + (double) Long.parseLong(fields[12]);
      if (withChildren) {
        ticks += Long.parseLong(fields[13]) + (double) Long.parseLong(fields[14]);
      }
      return ticks * TICK_MILLIS;
    } catch (NoSuchFileException _) {
      return 0; // It has ended; its parent counts it.
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** A process and all that it started. */
  static List<Long> family(long pid) {
    List<Long> all = new ArrayList<>(List.of(pid));
    ProcessHandle.of(pid)
        .ifPresent(process -> process.descendants().map(ProcessHandle::pid).forEach(all::add));
    return all;
  }

  /** Resident memory in MB (VmRSS). */
  static double residentMegabytes(long pid) {
    return status(pid, "VmRSS:") / 1024.0;
  }

  private static long status(long pid, String field) {
    try {
      for (var line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.substring(field.length()).replace("kB", "").strip());
        }
      }
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid, e);
    }
  }
}
