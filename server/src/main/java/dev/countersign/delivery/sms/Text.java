package dev.countersign.delivery.sms;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Secret;
import java.util.Optional;

/**
 * A text, as a provider gets it; or what a call is to say.
 *
 * @param id ours, the same at every provider that is asked for it
 * @param to in E.164
 * @param body all of it, the code included
 * @param code the code alone, for those who word it themselves
 * @param enrolling whether it confirms a set-up
 * @param language of the body, as a tag
 * @param via how it is to reach the phone
 * @param receipts the origin at which a provider can say afterwards what became of it; empty where it could not reach us
 */
record Text(
    String id,
    String to,
    Secret body,
    Secret code,
    boolean enrolling,
    String language,
    Dispatch.Via via,
    Optional<String> receipts) {}
