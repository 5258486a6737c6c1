package dev.countersign.storage;

import dev.countersign.kernel.Unpacked;
import java.io.IOException;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, loaded once from the driver's jar. The driver would do so too, but compares the copy byte by byte
 * and looks through all temporary files for copies of others: most of the time that it takes to open a database.
 */
final class EmbeddedLibrary {
  private static final System.Logger LOG = System.getLogger(EmbeddedLibrary.class.getName());

  /** The driver's own settings: where the library is, and where others would have left theirs. */
  private static final String FOLDER = "org.sqlite.lib.path";

  private static final String TEMPORARY = "org.sqlite.tmpdir";

  private EmbeddedLibrary() {}

  /** Whether it is loaded; where it is not, the driver goes on trying in its own ways. */
  static boolean load() {
    return Once.LOADED;
  }

  private static final class Once {
    static final boolean LOADED = System.getProperty(FOLDER) == null && attempt();
  }

  private static boolean attempt() {
    var resource =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    var temporary = System.getProperty(TEMPORARY);
    try {
      return Unpacked.use(
          SQLiteJDBCLoader.class,
          resource,
          file -> {
            var folder = String.valueOf(file.getParent());
            System.setProperty(FOLDER, folder);
            System.setProperty(TEMPORARY, folder);
            try {
              return SQLiteJDBCLoader.initialize();
            } catch (Exception e) { // The driver declares nothing narrower.
              throw new IOException(e);
            }
          });
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "SQLite's library was not loaded from " + resource, e);
      return false;
    } finally {
      System.clearProperty(FOLDER);
      if (temporary == null) {
        System.clearProperty(TEMPORARY);
      } else {
        System.setProperty(TEMPORARY, temporary);
      }
    }
  }
}
