package dev.countersign.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.kernel.TenantId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where a sealed value stands. It opens only there: moved to another tenant, table, column or row, it is refused.
 *
 * @param row the key of the row within its tenant
 */
public record Place(TenantId tenant, String table, String column, String row) {

  String purpose() {
    return "seal/" + table + "." + column;
  }

  /** The place as associated data; each part after its length, so that no two places give the same bytes. */
  byte[] associated(byte[] header) {
    var parts =
        List.of(tenant.value(), table, column, row).stream()
            .map(part -> part.getBytes(UTF_8))
            .toList();
    var size = parts.stream().mapToInt(part -> 4 + part.length).sum();
    var bytes = ByteBuffer.allocate(header.length + size).put(header);
    parts.forEach(part -> bytes.putInt(part.length).put(part));
    return bytes.array();
  }

  @Override
  public String toString() {
    return table + "." + column + " of " + row + " in " + tenant;
  }
}
