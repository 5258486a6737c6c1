package dev.countersign.loginsession;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digest;
import java.util.List;

/**
 * That a sign-in began with an admin's ticket to set a factor up. It proves nothing: whoever it is for signs in as ever,
 * with every factor they have, and is then asked to set up another.
 *
 * @param ticket where it stands; spent when the factor is confirmed
 * @param who may use it
 * @param anyOf which factors it is for
 * @param besideOthers whether it is good for somebody who has a factor
 */
public record Invitation(Digest ticket, UserId who, List<FactorId> anyOf, boolean besideOthers) {
  public Invitation {
    anyOf = List.copyOf(anyOf);
  }
}
