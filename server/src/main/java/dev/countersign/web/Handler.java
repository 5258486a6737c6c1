package dev.countersign.web;

/** Values in, values out: read the request, call one operation, say its outcome. */
@FunctionalInterface
public interface Handler {
  Reply handle(Request request);
}
