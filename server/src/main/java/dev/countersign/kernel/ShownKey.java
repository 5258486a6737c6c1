package dev.countersign.kernel;

/**
 * That a browser holds a key: it has signed an answer to a question. The signature is right; whether the question was put, and
 * here, is to be seen by who put it.
 *
 * @param thumbprint of the public key (RFC 7638, with SHA-256)
 * @param question as it stood in what was signed
 */
public record ShownKey(String thumbprint, String question) {}
