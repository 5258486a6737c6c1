package dev.countersign.kernel;

/**
 * When and from where something is done: handed to every operation that leaves a trace.
 *
 * @param address the network address of the person's device, by the trusted-proxy rule
 * @param userAgent what the browser says it is; cut to 300 characters
 * @param requestId the HTTP request, to find its log lines
 */
public record Occasion(Moment at, String address, String userAgent, String requestId) {
  /** Something the server does by itself, such as tidying up. */
  public static Occasion ofServer(Moment at) {
    return new Occasion(at, "", "", "");
  }
}
