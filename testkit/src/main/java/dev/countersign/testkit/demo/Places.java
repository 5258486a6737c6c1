package dev.countersign.testkit.demo;

import java.nio.file.Path;

/**
 * Where everything is.
 *
 * @param ca the certificate of the authority that signed the one for HTTPS
 * @param neighboursPort where bank and inbox are
 */
record Places(int port, int httpsPort, Path ca, int neighboursPort) {
  String base() {
    return "http://localhost:" + port;
  }

  String https() {
    return "https://localhost:" + httpsPort;
  }

  String acme() {
    return "http://acme.localhost:" + port;
  }

  /** Where people of that tenant find their security page. */
  String account(String slug) {
    return "http://" + slug + ".localhost:" + port + "/account";
  }

  /** Where a browser of that tenant's people travels. */
  String travel(String slug) {
    return "http://" + slug + ".localhost:" + port + Travel.PATH;
  }

  String bank() {
    return "http://localhost:" + neighboursPort;
  }

  /** The inbox for people; for programs see {@link #inboxList}. */
  String inbox() {
    return bank() + "/inbox";
  }

  String inboxList() {
    return bank() + "/inbox.json";
  }
}
