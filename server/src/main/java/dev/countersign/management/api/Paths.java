package dev.countersign.management.api;

/** The addresses that more than one part of the API has to know: what may be done there depends on whom it is done to. */
public final class Paths {
  public static final String USERS = "/users";

  /** A person; whatever stands below is theirs. */
  public static final String USER = USERS + "/{id}";

  public static final String USER_ROLES = USER + "/roles";

  public static final String ROLES = "/roles";
  public static final String ROLE = ROLES + "/{id}";
  public static final String ROLE_USERS = ROLE + "/users";
  public static final String ROLE_PERMISSIONS = ROLE + "/permissions";

  public static final String CLIENTS = "/clients";

  /** An application; whatever stands below is its own. */
  public static final String CLIENT = CLIENTS + "/{id}";

  public static final String GRANTS = "/client-grants";
  public static final String GRANT = GRANTS + "/{id}";

  private Paths() {}
}
