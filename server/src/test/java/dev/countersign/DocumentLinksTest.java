package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every link of the documents to a file of the project leads to one. */
class DocumentLinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  @Test
  void every_link_leads_somewhere() throws IOException {
    var root = Path.of("").toAbsolutePath().getParent();
    var broken = new ArrayList<String>();
    var documents = documents(root);
    for (var document : documents) {
      LINK.matcher(Files.readString(document))
          .results()
          .map(found -> found.group(1))
          .filter(target -> !target.contains("://") && !target.startsWith("mailto:"))
          .filter(target -> !Files.exists(document.resolveSibling(target)))
          .forEach(target -> broken.add(root.relativize(document) + " -> " + target));
    }
    assertThat(documents).hasSizeGreaterThan(10);
    assertThat(broken).isEmpty();
  }

  private static List<Path> documents(Path root) throws IOException {
    var all = new ArrayList<Path>();
    for (var folder : List.of(root, root.resolve("docs"), root.resolve("docs/decisions"))) {
      try (var files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(all::add);
      }
    }
    return all;
  }
}
