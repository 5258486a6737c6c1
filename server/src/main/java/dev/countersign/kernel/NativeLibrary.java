package dev.countersign.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where libsodium may be found: in the jar of lazysodium, of which only the native files are used, or on the system. */
sealed interface NativeLibrary {

  /**
   * Loads the library for the life of the process.
   *
   * @throws IllegalArgumentException when there is none or it does not load
   */
  SymbolLookup open();

  String origin();

  /** Those that fit this operating system and processor, the one whose version we know first. */
  static List<NativeLibrary> candidates() {
    var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    var arm = System.getProperty("os.arch", "").equals("aarch64");
    var candidates = new ArrayList<NativeLibrary>();
    if (os.startsWith("linux")) {
      candidates.add(new Packaged(arm ? "/arm64/libsodium.so" : "/linux64/libsodium.so"));
      candidates.add(new Installed("libsodium.so.26"));
      candidates.add(new Installed("libsodium.so.23"));
    } else if (os.startsWith("mac")) {
      candidates.add(new Packaged(arm ? "/mac_arm/libsodium.dylib" : "/mac/libsodium.dylib"));
      candidates.add(new Installed("libsodium.dylib"));
    } else if (os.startsWith("windows") && !arm) {
      candidates.add(new Packaged("/windows64/libsodium.dll"));
    }
    return List.copyOf(candidates);
  }

  /** A file in a jar. */
  record Packaged(String resource) implements NativeLibrary {
    @Override
    @SuppressWarnings("restricted")
    public SymbolLookup open() {
      try {
        return Unpacked.use(
            NativeLibrary.class,
            resource,
            file -> SymbolLookup.libraryLookup(file, Arena.global()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String origin() {
      return "packaged";
    }
  }

  /** A library found by the operating system's own search. */
  record Installed(String name) implements NativeLibrary {
    @Override
    @SuppressWarnings("restricted")
    public SymbolLookup open() {
      return SymbolLookup.libraryLookup(name, Arena.global());
    }

    @Override
    public String origin() {
      return name;
    }
  }
}
