package dev.countersign.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The program as it is unpacked on somebody's machine: the script beside what was built, and nothing to build from. */
final class Installation {
  private final Path folder;

  private Installation(Path folder) {
    this.folder = folder;
  }

  /** Unpacks it, readable for every user of the machine. */
  static Installation in(Path folder) throws IOException {
    var root = root();
    var built = root.resolve("server/target/countersign");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(root.resolve("countersign"), folder.resolve("countersign"));
    Files.copy(built.resolve("countersign.jar"), folder.resolve("countersign.jar"));
    Files.createDirectory(folder.resolve("lib"));
    try (var files = Files.list(built.resolve("lib"))) {
      for (var file : files.toList()) {
        Files.copy(file, folder.resolve("lib").resolve(file.getFileName()));
      }
    }
    Files.createSymbolicLink(folder.resolve("demo"), root.resolve("testkit/target/demo"));
    return new Installation(folder);
  }

  private static Path root() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** What came of a command that has ended. */
  record Ended(int status, List<String> said, List<String> complained) {}

  /** Runs a command to its end. */
  Ended run(String... words) {
    try (var running = start(words)) {
      return running.ended();
    }
  }

  /** The same as a user who may write nothing that belongs to us. */
  Ended runAsSomebodyElse(String... words) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) { // To whom nothing is read-only.
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    try (var running = start(command, words)) {
      return running.ended();
    }
  }

  Running start(String... words) {
    return start(new ArrayList<>(), words);
  }

  /** As from a terminal: whatever runs the tests in the background may have told its children to ignore SIGINT. */
  private Running start(List<String> command, String... words) {
    if (System.getProperty("os.name").equals("Linux")) {
      command.addAll(0, List.of("env", "--default-signal=INT"));
    }
    command.add(folder.resolve("countersign").toString());
    command.addAll(List.of(words));
    try {
      var complaints = Files.createTempFile("countersign", ".err");
      var builder = new ProcessBuilder(command).redirectError(complaints.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("COUNTERSIGN_"));
      builder.environment().put("COUNTERSIGN_AOT", "off");
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      return new Running(builder.start(), complaints);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that runs. */
  static final class Running implements AutoCloseable {
    private final Process process;
    private final Path complaints;
    private final BufferedReader out;

    Running(Process process, Path complaints) {
      this.process = process;
      this.complaints = complaints;
      this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The next line on standard output. */
    String line() {
      try {
        var line = out.readLine();
        if (line == null) {
          throw new AssertionError("it ended without a word: " + complained());
        }
        return line;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until a line on standard error is this one. */
    String complains(Predicate<String> wanted) {
      while (process.isAlive()) {
        var found = complained().stream().filter(wanted).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        Thread.onSpinWait();
      }
      throw new AssertionError("it ended: " + complained());
    }

    List<String> complained() {
      try {
        return Files.readAllLines(complaints);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Sends a signal, such as {@code INT}, and waits for the end. */
    Ended signalled(String signal) {
      try {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return ended();
    }

    /** Waits for the end, and brings it about where nothing else does. */
    Ended ended() {
      CompletableFuture.delayedExecutor(90, TimeUnit.SECONDS).execute(process::destroyForcibly);
      var said = out.lines().toList();
      try {
        return new Ended(process.waitFor(), said, complained());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
      try {
        Files.deleteIfExists(complaints);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
