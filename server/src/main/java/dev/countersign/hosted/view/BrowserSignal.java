package dev.countersign.hosted.view;

/**
 * Something that the page's script tells the browser about the keys that it keeps, where the browser listens.
 *
 * @param method of {@code PublicKeyCredential}
 * @param options its argument, in JSON
 */
public record BrowserSignal(String method, String options) {}
