package dev.countersign.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How documents are kept, and how strictly is read what comes from outside. */
class JsonTest {
  record Document(
      String name,
      @Nullable String note,
      boolean sure,
      int count,
      @Nullable Integer left,
      List<String> words,
      Map<String, String> more) {}

  private static Document read(String text) {
    return Json.read(text, Document.class);
  }

  @Test
  void what_goes_without_saying_is_not_written_and_all_the_same_read() {
    var nothing = new Document("", null, false, 0, null, List.of(), Map.of());
    assertThat(Json.brief(nothing)).isEqualTo("{\"name\":\"\",\"words\":[],\"more\":{}}");
    assertThat(read(Json.brief(nothing))).isEqualTo(nothing);
  }

  @Test
  void an_object_for_a_number_says_0_where_it_is_one_and_nothing_where_there_is_none() {
    var none = new Document("a", "", true, 7, 0, List.of(""), Map.of("a", ""));
    assertThat(read(Json.brief(none))).isEqualTo(none);
    assertThat(read(Json.write(none))).isEqualTo(none);
  }

  @Test
  void a_document_from_before_a_field_was_there_is_read_as_if_it_said_no() {
    assertThat(read("{\"name\":\"a\",\"words\":[],\"more\":{},\"gone\":1}"))
        .isEqualTo(new Document("a", null, false, 0, null, List.of(), Map.of()));
  }

  @Test
  void nothing_from_outside_says_the_same_twice() {
    assertThatThrownBy(() -> Json.parse("{\"a\":1,\"a\":2}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Json.Malformed.class);
  }
}
