package dev.countersign.web;

/** The methods that routes may have; anything else is answered 405 at the edge (RFC 9110 section 9). */
public enum Method {
  GET,
  HEAD,
  POST,
  PUT,
  PATCH,
  DELETE,
  OPTIONS
}
