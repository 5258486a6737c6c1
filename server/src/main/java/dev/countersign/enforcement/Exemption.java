package dev.countersign.enforcement;

import dev.countersign.kernel.Moment;

/**
 * That for one person, until a date, the policy demands nothing: an account for emergencies. Risk is assessed all the same,
 * and what applications ask for is asked.
 *
 * @param reason why, for whoever reads the policy
 */
public record Exemption(String user, Moment until, String reason) {}
