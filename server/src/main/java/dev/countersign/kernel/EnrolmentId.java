package dev.countersign.kernel;

/** Names one factor of one person, such as Ana's authenticator app. */
public record EnrolmentId(String value) {
  public EnrolmentId {
    Ids.checked("enrolment", value);
  }

  /** Letters and digits in Auth0's form {@code dev_} and 16 characters. */
  public static EnrolmentId fresh(Entropy entropy) {
    return new EnrolmentId("dev_" + entropy.text(16, "0123456789abcdefghjkmnpqrstvwxyz"));
  }

  @Override
  public String toString() {
    return value;
  }
}
