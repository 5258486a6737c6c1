package dev.countersign.hosted.view;

/** The line drawings of the pages; drawn in {@code part/icon.jte}. */
public enum Icon {
  PHONE,
  FINGERPRINT,
  KEY,
  CHAT,
  SHEET,
  SHIELD,
  CHECK,
  WARNING,
  INFORMATION,
  MAIL,
  USER,
  GLOBE,
  EYE,
  COPY,
  DOWNLOAD,
  PRINT,
  CHEVRON,
  CLOCK,
  LAPTOP,
  LOCK,
  PLUS,
  HELP,
  LEAVE,
  PASSKEY
}
