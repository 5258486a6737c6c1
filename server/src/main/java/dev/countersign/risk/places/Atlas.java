package dev.countersign.risk.places;

import dev.countersign.risk.networks.Address;
import org.jspecify.annotations.Nullable;

/** A database of addresses and places. Thread-safe. */
interface Atlas {
  /** Null where it knows of none. */
  @Nullable Place find(Address address);
}
