package dev.countersign.web;

import java.util.Set;

/**
 * Who called a route that wants a bearer token.
 *
 * @param subject the token's {@code sub}
 * @param clientId the application that holds the token
 * @param isPerson whether it calls in the name of somebody who signed in; otherwise the application acts for itself
 */
public record Caller(String subject, String clientId, Set<String> scopes, boolean isPerson) {}
