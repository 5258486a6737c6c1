package dev.countersign.config;

import dev.countersign.kernel.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Everything that can be set about one server. What a tenant sets for itself is no configuration and lives elsewhere. */
public final class Keys {
  private Keys() {}

  /** How the mail server is spoken to. */
  public enum MailTls {
    STARTTLS,
    IMPLICIT,
    OFF
  }

  /** The least weight a log record needs to be written. */
  public enum LogLevel {
    ERROR,
    WARNING,
    INFO,
    DEBUG
  }

  /** How a log record is written. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  public static final Key<Optional<URI>> PUBLIC_URL =
      new Key<>(
          "public-url",
          Kind.origin().optional(),
          "",
          "Where browsers find the default tenant. Once set, only its host and the tenants' hosts answer; empty is for development: http://localhost and the HTTP port, and 127.0.0.1 answers too.");

  public static final Key<Optional<String>> TENANT_DOMAIN_SUFFIX =
      new Key<>(
          "tenant-domain-suffix",
          Kind.host().optional(),
          "localhost",
          "Tenant acme answers at acme.<suffix>; empty means tenants have custom domains only, and so does localhost beside a public-url elsewhere.");

  public static final Key<Path> DATA =
      new Key<>(
          "data",
          Kind.path(),
          "data",
          "Folder for the embedded database, keys and certificates of this server.");

  public static final Key<Integer> HTTP_PORT =
      new Key<>("http.port", Kind.port(), "8080", "Port for HTTP; 0 takes a free one.");

  public static final Key<String> HTTP_BIND =
      new Key<>(
          "http.bind", Kind.address(), "127.0.0.1", "Local address that HTTP and HTTPS listen on.");

  public static final Key<Optional<Integer>> HTTPS_PORT =
      new Key<>(
          "https.port",
          Kind.port().optional(),
          "",
          "Port for HTTPS; empty turns HTTPS off, 0 takes a free one.");

  public static final Key<Optional<Path>> TLS_CERTIFICATE =
      new Key<>(
          "tls.certificate",
          Kind.path().optional(),
          "",
          "PEM file with the certificate chain; empty means a development authority made in the data folder.");

  public static final Key<Optional<Path>> TLS_KEY =
      new Key<>(
          "tls.key",
          Kind.path().optional(),
          "",
          "PEM file with the private key of tls.certificate.");

  public static final Key<List<Cidr>> TRUSTED_PROXIES =
      new Key<>(
          "trusted-proxies",
          Kind.cidr().list(),
          "",
          "Networks of proxies whose X-Forwarded-For is believed.");

  public static final Key<Long> REQUEST_BODY =
      new Key<>(
          "limits.request-body",
          Kind.bytes(4_096, 64L << 20),
          "1m",
          "Largest request body; more is answered 413.");

  public static final Key<Long> REQUEST_HEADERS =
      new Key<>(
          "limits.request-headers",
          Kind.bytes(4_096, 64L << 10),
          "16k",
          "Largest request header; more is answered 431.");

  public static final Key<Duration> IDLE_TIMEOUT =
      new Key<>(
          "limits.idle-timeout",
          Kind.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
          "15s",
          "A connection silent for so long is closed.");

  public static final Key<Duration> STOP_TIMEOUT =
      new Key<>(
          "limits.stop-timeout",
          Kind.duration(Duration.ofSeconds(0), Duration.ofMinutes(10)),
          "20s",
          "How long a stopping server waits for requests under way.");

  public static final Key<Optional<String>> DATABASE_URL =
      new Key<>(
          "database.url",
          Kind.text().optional(),
          "",
          "JDBC URL of PostgreSQL, jdbc:postgresql://host/name; empty means the embedded database in the data folder.");

  public static final Key<Optional<String>> DATABASE_USER =
      new Key<>("database.user", Kind.text().optional(), "", "User of the database.");

  public static final Key<Optional<Secret>> DATABASE_PASSWORD =
      new Key<>("database.password", Kind.secretText(), "", "Password of the database user.");

  public static final Key<Integer> DATABASE_POOL_SIZE =
      new Key<>(
          "database.pool-size",
          Kind.number(2, 200),
          "10",
          "Most connections to the database at a time.");

  public static final Key<Optional<Path>> KEYS_FILE =
      new Key<>(
          "keys.file",
          Kind.path().optional(),
          "",
          "Root key ring that unseals the secrets in the database; empty means root.keys in the data folder.");

  public static final Key<Optional<String>> MAIL_HOST =
      new Key<>(
          "mail.smtp.host",
          Kind.address().optional(),
          "",
          "Mail server; empty means no mail is sent.");

  public static final Key<Integer> MAIL_PORT =
      new Key<>("mail.smtp.port", Kind.number(1, 65_535), "587", "Port of the mail server.");

  public static final Key<Optional<String>> MAIL_USER =
      new Key<>("mail.smtp.user", Kind.text().optional(), "", "User at the mail server.");

  public static final Key<Optional<Secret>> MAIL_PASSWORD =
      new Key<>("mail.smtp.password", Kind.secretText(), "", "Password at the mail server.");

  public static final Key<MailTls> MAIL_TLS =
      new Key<>(
          "mail.smtp.tls",
          Kind.oneOf(MailTls.class),
          "starttls",
          "Encryption towards the mail server.");

  public static final Key<String> MAIL_FROM =
      new Key<>(
          "mail.from",
          Kind.mailbox(),
          "no-reply@localhost",
          "Sender of mails where the tenant names none.");

  public static final Key<LogLevel> LOG_LEVEL =
      new Key<>(
          "log.level",
          Kind.oneOf(LogLevel.class),
          "info",
          "What is logged: this level and the heavier ones.");

  public static final Key<LogFormat> LOG_FORMAT =
      new Key<>(
          "log.format",
          Kind.oneOf(LogFormat.class),
          "text",
          "How it is logged: lines for people or for programs.");

  public static final Key<Optional<Integer>> OPERATOR_PORT =
      new Key<>(
          "operator.port",
          Kind.port().optional(),
          "9180",
          "Port for health and metrics, apart from the public ones; empty turns it off.");

  public static final Key<String> OPERATOR_BIND =
      new Key<>(
          "operator.bind", Kind.address(), "127.0.0.1", "Local address of the operator port.");

  public static final Key<Boolean> METRICS =
      new Key<>(
          "metrics.enabled", Kind.toggle(), "true", "Whether the operator port shows /metrics.");

  public static final Key<List<Cidr>> OUTBOUND_ALLOW =
      new Key<>(
          "outbound.allow",
          Kind.cidr().list(),
          "",
          "Private networks that this server may call for tenants, also by plain HTTP.");

  public static final Key<URI> TWILIO_URL =
      new Key<>(
          "sms.twilio.url", Kind.origin(), "https://api.twilio.com", "Where Twilio is reached.");

  public static final Key<URI> VONAGE_URL =
      new Key<>(
          "sms.vonage.url", Kind.origin(), "https://rest.nexmo.com", "Where Vonage is reached.");

  public static final Key<Optional<URI>> SNS_URL =
      new Key<>(
          "sms.sns.url",
          Kind.origin().optional(),
          "",
          "Where Amazon SNS is reached; empty means the host of each account's region.");

  public static final Key<URI> FCM_URL =
      new Key<>(
          "push.fcm.url",
          Kind.origin(),
          "https://fcm.googleapis.com",
          "Where Firebase Cloud Messaging is reached.");

  public static final Key<URI> GOOGLE_TOKEN_URL =
      new Key<>(
          "push.fcm.token-url",
          Kind.origin(),
          "https://oauth2.googleapis.com",
          "Where Google gives tokens to service accounts.");

  public static final Key<URI> APNS_URL =
      new Key<>(
          "push.apns.url",
          Kind.origin(),
          "https://api.push.apple.com",
          "Where Apple's push service is reached.");

  public static final Key<URI> APNS_SANDBOX_URL =
      new Key<>(
          "push.apns.sandbox-url",
          Kind.origin(),
          "https://api.sandbox.push.apple.com",
          "Where Apple's push service for apps in development is reached.");

  public static final Key<List<Located>> RISK_PLACES =
      new Key<>(
          "risk.places",
          Kind.located().list(),
          "",
          "Where networks are that no database knows better: offices, private networks, ways out of one's own VPN.");

  public static final Key<Optional<Path>> RISK_PLACES_FILE =
      new Key<>(
          "risk.places-file",
          Kind.path().optional(),
          "",
          "Database of addresses and places: a MaxMind DB of cities or countries, or a table made by 'places make'; empty means the product's own.");

  public static final Key<List<Cidr>> RISK_BLOCKED =
      new Key<>(
          "risk.blocked",
          Kind.cidr().list(),
          "",
          "Networks that stand on the operator's block list, for all tenants.");

  public static final Key<List<Feed>> RISK_FEEDS =
      new Key<>(
          "risk.feeds",
          Kind.feed().list(),
          "",
          "Lists of addresses that are fetched for all tenants.");

  public static final Key<Optional<URI>> RISK_STOLEN_PASSWORDS_URL =
      new Key<>(
          "risk.stolen-passwords-url",
          Kind.prefix().optional(),
          "",
          "Where the first five digits of a password's SHA-1 digest are looked up at sign-in, as at https://api.pwnedpasswords.com/range/; empty looks nothing up.");

  /** Every key, in the order of the documentation. */
  public static final List<Key<?>> ALL =
      List.of(
          PUBLIC_URL,
          TENANT_DOMAIN_SUFFIX,
          DATA,
          HTTP_PORT,
          HTTP_BIND,
          HTTPS_PORT,
          TLS_CERTIFICATE,
          TLS_KEY,
          TRUSTED_PROXIES,
          REQUEST_BODY,
          REQUEST_HEADERS,
          IDLE_TIMEOUT,
          STOP_TIMEOUT,
          DATABASE_URL,
          DATABASE_USER,
          DATABASE_PASSWORD,
          DATABASE_POOL_SIZE,
          KEYS_FILE,
          MAIL_HOST,
          MAIL_PORT,
          MAIL_USER,
          MAIL_PASSWORD,
          MAIL_TLS,
          MAIL_FROM,
          LOG_LEVEL,
          LOG_FORMAT,
          OPERATOR_PORT,
          OPERATOR_BIND,
          METRICS,
          OUTBOUND_ALLOW,
          TWILIO_URL,
          VONAGE_URL,
          SNS_URL,
          FCM_URL,
          GOOGLE_TOKEN_URL,
          APNS_URL,
          APNS_SANDBOX_URL,
          RISK_PLACES,
          RISK_PLACES_FILE,
          RISK_BLOCKED,
          RISK_FEEDS,
          RISK_STOLEN_PASSWORDS_URL);
}
