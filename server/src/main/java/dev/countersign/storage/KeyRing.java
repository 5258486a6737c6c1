package dev.countersign.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.OwnersOnly;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The root keys, kept outside the database. All of them read, the newest writes. Immutable.
 *
 * <p>As a file: one line {@code id:base64 of 32 bytes} for each key, the newest last; empty lines and lines that begin
 * with {@code #} are passed over.
 */
public final class KeyRing {
  private static final Pattern LINE = Pattern.compile("([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)");

  private final List<RootKey> newestFirst;

  private KeyRing(List<RootKey> newestFirst) {
    this.newestFirst = List.copyOf(newestFirst);
  }

  /** A ring with one new key. */
  public static KeyRing fresh(Entropy entropy) {
    return new KeyRing(List.of(newKey(entropy)));
  }

  /** This ring and a new key, which writes from now on. */
  public KeyRing rotated(Entropy entropy) {
    var keys = new ArrayList<>(newestFirst);
    keys.addFirst(newKey(entropy));
    return new KeyRing(keys);
  }

  private static RootKey newKey(Entropy entropy) {
    return new RootKey("k" + entropy.token(48), entropy.bytes(RootKey.BYTES));
  }

  /**
   * Reads the text of a key file.
   *
   * @throws KeyException naming the line that is wrong, without its content
   */
  public static KeyRing parse(String text) {
    var keys = new ArrayList<RootKey>();
    var lines = text.lines().map(String::strip).toList();
    for (var i = 0; i < lines.size(); i++) {
      if (lines.get(i).isEmpty() || lines.get(i).startsWith("#")) {
        continue;
      }
      var line = LINE.matcher(lines.get(i));
      if (!line.matches()) {
        throw new KeyException("line " + (i + 1) + " is not \"id:base64 of 32 bytes\"");
      }
      var id = line.group(1);
      if (keys.stream().anyMatch(key -> key.id().equals(id))) {
        throw new KeyException("line " + (i + 1) + " repeats the key id " + id);
      }
      keys.addFirst(new RootKey(id, Base64.getDecoder().decode(line.group(2))));
    }
    if (keys.isEmpty()) {
      throw new KeyException("there is no key in it");
    }
    return new KeyRing(keys);
  }

  /**
   * Reads a key file.
   *
   * @throws KeyException when it is missing or wrong
   */
  public static KeyRing read(Path file) {
    try {
      return parse(Files.readString(file, UTF_8));
    } catch (NoSuchFileException e) {
      throw new KeyException(
          "The key file "
              + file
              + " does not exist: put a copy there of the one with which the database was written.",
          e);
    } catch (IOException e) {
      throw new KeyException("The key file " + file + " cannot be read: " + e, e);
    } catch (KeyException e) {
      throw new KeyException(
          "The key file " + file + " cannot be used: " + e.getMessage() + ".", e);
    }
  }

  /** Reads the file, or begins it with a new key; of two processes doing so at once both end with the same key. */
  public static KeyRing readOrCreate(Path file, Entropy entropy) {
    if (!Files.exists(file)) {
      try {
        fresh(entropy).write(file);
      } catch (FileAlreadyExistsException _) {
        return read(file);
      } catch (IOException e) {
        throw new KeyException("The key file " + file + " cannot be written: " + e, e);
      }
    }
    return read(file);
  }

  /** Writes a new file that only its owner may read; it appears whole or not at all, and never in place of another. */
  public void write(Path file) throws IOException {
    var directory = file.toAbsolutePath().resolveSibling("");
    OwnersOnly.folder(directory);
    var unfinished = OwnersOnly.temporary(directory, ".key");
    try {
      Files.writeString(unfinished, text(), UTF_8);
      Files.createLink(
          file, unfinished); // unlike a move this cannot replace a key file that is already there
    } catch (UnsupportedOperationException _) {
      Files.move(unfinished, file);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** The text of a key file for this ring. */
  private String text() {
    var text =
        new StringBuilder(
            "# Countersign root keys: without them nothing sealed in the database can be read.\n");
    for (var key : newestFirst.reversed()) {
      text.append(key.id())
          .append(':')
          .append(Base64.getEncoder().encodeToString(key.encoded()))
          .append('\n');
    }
    return text.toString();
  }

  RootKey newest() {
    return newestFirst.getFirst();
  }

  List<RootKey> newestFirst() {
    return newestFirst;
  }

  Optional<RootKey> find(String id) {
    return newestFirst.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  @Override
  public String toString() {
    return "KeyRing" + newestFirst;
  }
}
