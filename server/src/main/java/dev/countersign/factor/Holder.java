package dev.countersign.factor;

import java.util.Map;

/**
 * What a factor may know of the person who holds it.
 *
 * @param issuer the name of the tenant, as authenticator apps show it
 * @param label the person's name there
 * @param traits verified traits by their purpose, such as {@code phone}
 */
public record Holder(String issuer, String label, Map<String, String> traits) {}
